package org.layerwise.gui.help;

import java.util.List;
import java.util.stream.Stream;
import org.layerwise.gui.help.PageBlock.Heading;
import org.layerwise.gui.help.PageBlock.Items;
import org.layerwise.gui.help.PageBlock.Listing;
import org.layerwise.gui.help.PageBlock.Paragraph;
import org.layerwise.gui.help.PageBlock.Picture;
import org.layerwise.gui.help.PageBlock.Quote;
import org.layerwise.gui.help.PageBlock.Table;

/** Finds the links of a page. */
final class PageLinks {

    private PageLinks() {}

    /** Returns the targets of all links as written, in the order of the page. */
    static List<String> of(List<PageBlock> blocks) {
        return lines(blocks)
                .flatMap(List::stream)
                .filter(InlineText.Link.class::isInstance)
                .map(link -> ((InlineText.Link) link).href())
                .toList();
    }

    /** Returns all lines of text, in the order of the page. */
    static Stream<List<InlineText>> lines(List<PageBlock> blocks) {
        return blocks.stream().flatMap(PageLinks::lines);
    }

    private static Stream<List<InlineText>> lines(PageBlock block) {
        // Java 17 has no switch over types
        if (block instanceof Heading heading) {
            return Stream.of(heading.line());
        } else if (block instanceof Paragraph paragraph) {
            return Stream.of(paragraph.line());
        } else if (block instanceof Items items) {
            return items.items().stream().flatMap(PageLinks::lines);
        } else if (block instanceof Quote quote) {
            return lines(quote.blocks());
        } else if (block instanceof Table table) {
            return Stream.concat(table.head().stream(), table.rows().stream().flatMap(List::stream));
        }
        assert block instanceof Listing || block instanceof Picture;
        return Stream.empty();
    }
}
