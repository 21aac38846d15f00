//! Raw readings, condensed into week extremes.
