package org.layerwise.gui.help;

import java.util.List;
import java.util.stream.Collectors;

/** Element of a page, such as a heading or a paragraph. */
sealed interface PageBlock {

    /** Returns the text without formatting, which the search uses. */
    String plain();

    /**
     * Heading.
     *
     * @param level level, from 1
     * @param line text of the heading
     * @param anchor anchor that links use, in the format of GitHub
     */
    record Heading(int level, List<InlineText> line, String anchor) implements PageBlock {
        public Heading {
            line = List.copyOf(line);
        }

        @Override
        public String plain() {
            return InlineText.plain(line);
        }
    }

    record Paragraph(List<InlineText> line) implements PageBlock {
        public Paragraph {
            line = List.copyOf(line);
        }

        @Override
        public String plain() {
            return InlineText.plain(line);
        }
    }

    /** Preformatted lines, such as code or output. */
    record Listing(String plain) implements PageBlock {}

    /**
     * List of items.
     *
     * @param first number of the first item; 0 for a list without numbers
     * @param items items, each with its blocks
     */
    record Items(int first, List<List<PageBlock>> items) implements PageBlock {
        public Items {
            items = items.stream().map(List::copyOf).toList();
        }

        @Override
        public String plain() {
            return items.stream().map(PageBlock::plain).collect(Collectors.joining("\n"));
        }
    }

    /**
     * Table.
     *
     * @param head cells of the header
     * @param rows rows without the header, each with as many cells as the header
     */
    record Table(List<List<InlineText>> head, List<List<List<InlineText>>> rows) implements PageBlock {
        public Table {
            head = List.copyOf(head);
            rows = rows.stream().map(List::copyOf).toList();
        }

        @Override
        public String plain() {
            return rows.stream()
                    .map(row -> row.stream().map(InlineText::plain).collect(Collectors.joining(" ")))
                    .collect(Collectors.joining(
                            "\n", head.stream().map(InlineText::plain).collect(Collectors.joining(" ")) + "\n", ""));
        }
    }

    record Quote(List<PageBlock> blocks) implements PageBlock {
        public Quote {
            blocks = List.copyOf(blocks);
        }

        @Override
        public String plain() {
            return PageBlock.plain(blocks);
        }
    }

    /**
     * Image.
     *
     * @param source path as written in the page
     * @param plain text alternative
     */
    record Picture(String source, String plain) implements PageBlock {}

    /** Returns the text of several blocks without formatting, one per line. */
    static String plain(List<PageBlock> blocks) {
        return blocks.stream().map(PageBlock::plain).collect(Collectors.joining("\n"));
    }
}
