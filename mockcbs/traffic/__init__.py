"""The traffic log, from which every response is computed. It imports neither Flask nor a service.

Three of its folders say how many sessions begin (`amounts`), what users do next (`conversations`) and what
they say (`words`); `index` counts all of it.
"""
