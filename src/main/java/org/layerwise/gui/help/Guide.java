package org.layerwise.gui.help;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.layerwise.gui.help.LinkTarget.ToPage;

/** Pages of the user guide from {@code src/site/markdown}, which are part of the program's jar. */
final class Guide {

    /** Name of the page that lists the other pages. */
    static final String INDEX = "index.md";

    private static final String PAGES = "/org/layerwise/gui/help/pages/";
    private static final String PICTURES = "/org/layerwise/gui/help/pictures/";

    private final Map<String, GuidePage> pages;
    private final List<GuidePage> contents;
    private final PageSearch search;

    private Guide(Map<String, GuidePage> pages) {
        this.pages = pages;
        contents = contents(pages);
        search = new PageSearch(List.copyOf(pages.values()));
    }

    /** Reads the index and all pages that can be reached from it by links. Links to missing pages are ignored. */
    static Guide read() {
        PageParser parser = new PageParser();
        Map<String, GuidePage> pages = new LinkedHashMap<>();
        Deque<String> next = new ArrayDeque<>(List.of(INDEX));
        while (!next.isEmpty()) {
            String name = next.removeFirst();
            Optional<String> markdown = pages.containsKey(name) ? Optional.empty() : text(name);
            markdown.ifPresent(text -> {
                GuidePage page = parser.parse(name, text);
                pages.put(name, page);
                next.addAll(linked(page));
            });
        }
        return new Guide(pages);
    }

    /** Returns the table of contents: the index and the pages to which it links, in the order of the links. */
    List<GuidePage> contents() {
        return contents;
    }

    Optional<GuidePage> page(String name) {
        return Optional.ofNullable(pages.get(name));
    }

    List<SearchResult> find(String words) {
        return search.find(words);
    }

    /** Returns the URL of an image in a page; empty if the program does not contain the image. */
    static Optional<URL> picture(String source) {
        String file = source.substring(source.lastIndexOf('/') + 1);
        return Optional.ofNullable(Guide.class.getResource(PICTURES + file));
    }

    private static List<GuidePage> contents(Map<String, GuidePage> pages) {
        List<GuidePage> contents = new ArrayList<>();
        Optional.ofNullable(pages.get(INDEX)).ifPresent(index -> {
            contents.add(index);
            linked(index).stream()
                    .map(pages::get)
                    .filter(page -> page != null && !contents.contains(page))
                    .forEach(contents::add);
        });
        return List.copyOf(contents);
    }

    private static List<String> linked(GuidePage page) {
        return PageLinks.of(page.blocks()).stream()
                .map(href -> LinkTarget.of(page.name(), href))
                .filter(ToPage.class::isInstance)
                .map(target -> ((ToPage) target).page())
                .distinct()
                .toList();
    }

    private static Optional<String> text(String name) {
        try (InputStream in = Guide.class.getResourceAsStream(PAGES + name)) {
            return in == null ? Optional.empty() : Optional.of(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
