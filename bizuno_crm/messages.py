"""The text of every refusal, in one place to reword and to translate.

Each function takes the environment (for the language of the user) and returns one text that names
the record and the remedy.
"""
