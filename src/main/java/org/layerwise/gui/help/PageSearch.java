package org.layerwise.gui.help;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.layerwise.gui.help.PageBlock.Heading;

/**
 * Searches the sections of all pages. A section matches if each word occurs in the section or in the titles above it,
 * in any order.
 */
final class PageSearch {

    private static final int MOST = 60;
    private static final int EXCERPT = 110;
    private static final int BEFORE = 30;
    private static final int IN_TITLE = 8;
    private static final int IN_HEADING = 5;

    private record Section(GuidePage page, String anchor, String heading, String text) {}

    private record Hit(Section section, int worth) {}

    private final List<Section> sections = new ArrayList<>();

    PageSearch(List<GuidePage> pages) {
        pages.forEach(this::add);
    }

    private void add(GuidePage page) {
        String anchor = "";
        String heading = "";
        List<PageBlock> under = new ArrayList<>();
        boolean title = true; // the first heading is the title of the page, not a section
        for (PageBlock block : page.blocks()) {
            if (block instanceof Heading next) {
                if (!title) {
                    sections.add(new Section(page, anchor, heading, PageBlock.plain(under)));
                    under.clear();
                    anchor = next.anchor();
                    heading = next.plain();
                }
                title = false;
            } else {
                under.add(block);
            }
        }
        sections.add(new Section(page, anchor, heading, PageBlock.plain(under)));
    }

    /** Returns the matching sections, best match first; empty if the query has no words. */
    List<SearchResult> find(String query) {
        List<String> words = Arrays.stream(query.toLowerCase(Locale.ROOT).split("\\s+"))
                .filter(word -> !word.isEmpty())
                .toList();
        if (words.isEmpty()) {
            return List.of();
        }
        return sections.stream()
                .map(section -> hit(section, words))
                .flatMap(Optional::stream)
                .sorted(Comparator.comparingInt(Hit::worth).reversed()) // stable: equal hits keep the order
                .limit(MOST)
                .map(hit -> found(hit.section, words))
                .toList();
    }

    private static Optional<Hit> hit(Section section, List<String> words) {
        String text = section.text.toLowerCase(Locale.ROOT);
        String heading = section.heading.toLowerCase(Locale.ROOT);
        int worth = 0;
        for (String word : words) {
            int here = (text.contains(word) ? 1 : 0)
                    + (heading.contains(word) ? IN_HEADING : 0)
                    + (section.page.title().toLowerCase(Locale.ROOT).contains(word) ? IN_TITLE : 0);
            if (here == 0) {
                return Optional.empty();
            }
            worth += here;
        }
        // a match in the page title alone would list every section, so sections without any of the words are left out
        boolean own = section.heading.isEmpty()
                || words.stream().anyMatch(word -> text.contains(word) || heading.contains(word));
        return own ? Optional.of(new Hit(section, worth)) : Optional.empty();
    }

    private static SearchResult found(Section section, List<String> words) {
        return new SearchResult(
                section.page.name(),
                section.anchor,
                section.page.title(),
                section.heading,
                excerpt(section.text, words));
    }

    private static String excerpt(String text, List<String> words) {
        String line = text.replaceAll("\\s+", " ").strip();
        String lower = line.toLowerCase(Locale.ROOT);
        int at = words.stream()
                .mapToInt(lower::indexOf)
                .filter(index -> index >= 0)
                .min()
                .orElse(0);
        int from = at <= BEFORE ? 0 : Math.max(0, line.lastIndexOf(' ', at - BEFORE) + 1);
        int to = Math.min(line.length(), from + EXCERPT);
        return (from > 0 ? "… " : "") + line.substring(from, to).strip() + (to < line.length() ? " …" : "");
    }
}
