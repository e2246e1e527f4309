package org.layerwise.gui.help;

import java.net.URI;
import java.nio.file.Path;

/** Target of a link. */
sealed interface LinkTarget {

    /**
     * Page of the user guide.
     *
     * @param page name of the page
     * @param anchor anchor of a heading; empty for the beginning of the page
     */
    record ToPage(String page, String anchor) implements LinkTarget {}

    /** Web page. */
    record ToWeb(URI address) implements LinkTarget {}

    /** Invalid target, caused by a mistake in the page. */
    record Nowhere(String href) implements LinkTarget {}

    /**
     * Resolves a link.
     *
     * @param from name of the page that contains the link
     * @param href target as written in the page
     */
    static LinkTarget of(String from, String href) {
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

    /**
     * Returns the path of a file that a page refers to: relative to the folder of the guide, or starting with
     * {@code ..} if the file is outside.
     */
    static String beside(String page, String path) {
        Path guide = Path.of("/guide");
        Path target = guide.resolve(page).resolveSibling(path).normalize();
        return target.startsWith(guide) ? slashes(guide.relativize(target)) : "../" + path;
    }

    private static String slashes(Path path) {
        return path.toString().replace('\\', '/');
    }
}
