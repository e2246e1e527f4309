package org.layerwise.gui.help;

import java.util.List;
import java.util.stream.Stream;
import org.layerwise.gui.help.Block.Heading;
import org.layerwise.gui.help.Block.Items;
import org.layerwise.gui.help.Block.Listing;
import org.layerwise.gui.help.Block.Paragraph;
import org.layerwise.gui.help.Block.Picture;
import org.layerwise.gui.help.Block.Quote;
import org.layerwise.gui.help.Block.Table;

/** Finds the links of a page. */
final class Links {

    private Links() {}

    /** Returns the targets of all links as written, in the order of the page. */
    static List<String> of(List<Block> blocks) {
        return lines(blocks)
                .flatMap(List::stream)
                .filter(Inline.Link.class::isInstance)
                .map(link -> ((Inline.Link) link).href())
                .toList();
    }

    /** Returns all lines of text, in the order of the page. */
    static Stream<List<Inline>> lines(List<Block> blocks) {
        return blocks.stream().flatMap(Links::lines);
    }

    private static Stream<List<Inline>> lines(Block block) {
        // Java 17 has no switch over types
        if (block instanceof Heading heading) {
            return Stream.of(heading.line());
        } else if (block instanceof Paragraph paragraph) {
            return Stream.of(paragraph.line());
        } else if (block instanceof Items items) {
            return items.items().stream().flatMap(Links::lines);
        } else if (block instanceof Quote quote) {
            return lines(quote.blocks());
        } else if (block instanceof Table table) {
            return Stream.concat(table.head().stream(), table.rows().stream().flatMap(List::stream));
        }
        assert block instanceof Listing || block instanceof Picture;
        return Stream.empty();
    }
}
