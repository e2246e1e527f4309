package org.layerwise.gui.help;

/**
 * Section of a page that matches a search.
 *
 * @param page name of the page
 * @param anchor anchor of the section; empty for the beginning of the page
 * @param title title of the page
 * @param section heading of the section; empty at the beginning of the page
 * @param excerpt text around the first match
 */
record SearchResult(String page, String anchor, String title, String section, String excerpt) {}
