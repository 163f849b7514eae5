"""
What a business sells: products with variants, their prices and stock.

rows         a product as screens show it
products     find, list, add, change, delete, switch on and off
known        how the assistant finds a product, and what it is told of it at that moment
spreadsheet  the same as a CSV or XLSX file, out and in
"""
