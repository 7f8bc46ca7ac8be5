"""What a sales rep does, on a phone of 400 px with touch: stage.person("rep", width=400)."""
