package org.layerwise.gui.help;

import java.net.URI;
import java.nio.file.Path;

/** Where a link leads. */
sealed interface Target {

    /** @param anchor of a heading; empty for the page's beginning */
    record ToPage(String page, String anchor) implements Target {}

    /** A page of the web. */
    record ToWeb(URI address) implements Target {}

    /** Nowhere: a mistake in the page. */
    record Nowhere(String href) implements Target {}

    /**
     * @param from the page that the link is on
     * @param href as it is spelt there
     */
    static Target of(String from, String href) {
        if (href.startsWith("https://") || href.startsWith("http://")) {
            return new ToWeb(URI.create(href));
        }
        int hash = href.indexOf('#');
        String path = hash < 0 ? href : href.substring(0, hash);
        String anchor = hash < 0 ? "" : href.substring(hash + 1);
        if (path.isEmpty()) {
            return new ToPage(from, anchor);
        }
        String page = beside(from, path);
        return page.endsWith(".md") && !page.startsWith("..") ? new ToPage(page, anchor) : new Nowhere(href);
    }

    /** The place of a file that a page names, below the guide's folder or, with {@code ..} in front, outside of it. */
    static String beside(String page, String path) {
        return Path.of("/guide", page).getParent().resolve(path).normalize().startsWith("/guide")
                ? slashes(Path.of("/guide")
                        .relativize(Path.of("/guide", page)
                                .getParent()
                                .resolve(path)
                                .normalize()))
                : "../" + path;
    }

    private static String slashes(Path path) {
        return path.toString().replace('\\', '/');
    }
}
