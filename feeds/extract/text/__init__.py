"""Read the articles of a text capture: what is printed, what each line looks like, its role, the articles.

printed -> observed -> features -> model -> assemble
str -> Line -> Seen -> names of features -> roles -> RawArticle
"""
