"""What the editor is trusted with, as figures: each with the number of trials and the failures among them."""
