"""Tables of achievements in files: the templates that units fill in, and their readers.

What is read is named by its address in the file ("C7"; "dòng 7, cột 3 (Ngày)"), good or bad. The
readers know the columns and what a cell may hold; whether a value makes sense is for the forms.
Nothing here knows the database.
"""
