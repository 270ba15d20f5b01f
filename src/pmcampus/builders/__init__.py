"""One outside tool each: what turns content into the parts of the site."""
