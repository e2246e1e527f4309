package org.layerwise.gui.help;

/**
 * A section of a page that has the words that were looked for.
 *
 * @param page the page's name
 * @param anchor of the section; empty for the beginning of the page
 * @param title of the page
 * @param section its heading; empty at the beginning of the page
 * @param excerpt words around the first that was found
 */
record Found(String page, String anchor, String title, String section, String excerpt) {}
