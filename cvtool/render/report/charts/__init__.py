"""Charts of ECharts made from records, one file for each kind."""
