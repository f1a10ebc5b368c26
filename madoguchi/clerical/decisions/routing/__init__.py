"""Who signs a draft, and in which order (決裁の経路): pure rules, without the database.

table.py reads the town's table of who decides what (専決区分表), route.py plans the route of one matter by it.
"""
