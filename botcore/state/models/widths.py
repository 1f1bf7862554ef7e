"""How many characters go into a column."""

ID = 16
NAME = 32
SCOPE = 40
TOKEN = 96
KEY = 255
