package org.layerwise.gui.help;

import java.util.List;
import java.util.stream.Collectors;

/** Element of a page, such as a heading or a paragraph. */
sealed interface Block {

    /** Returns the text without formatting, which the search uses. */
    String plain();

    /**
     * Heading.
     *
     * @param level level, from 1
     * @param line text of the heading
     * @param anchor anchor that links use, in the format of GitHub
     */
    record Heading(int level, List<Inline> line, String anchor) implements Block {
        public Heading {
            line = List.copyOf(line);
        }

        @Override
        public String plain() {
            return Inline.plain(line);
        }
    }

    record Paragraph(List<Inline> line) implements Block {
        public Paragraph {
            line = List.copyOf(line);
        }

        @Override
        public String plain() {
            return Inline.plain(line);
        }
    }

    /** Preformatted lines, such as code or output. */
    record Listing(String lines) implements Block {
        @Override
        public String plain() {
            return lines;
        }
    }

    /**
     * List of items.
     *
     * @param first number of the first item; 0 for a list without numbers
     * @param items items, each with its blocks
     */
    record Items(int first, List<List<Block>> items) implements Block {
        public Items {
            items = items.stream().map(List::copyOf).toList();
        }

        @Override
        public String plain() {
            return items.stream().map(Block::plain).collect(Collectors.joining("\n"));
        }
    }

    /**
     * Table.
     *
     * @param head cells of the header
     * @param rows rows without the header, each with as many cells as the header
     */
    record Table(List<List<Inline>> head, List<List<List<Inline>>> rows) implements Block {
        public Table {
            head = List.copyOf(head);
            rows = rows.stream().map(List::copyOf).toList();
        }

        @Override
        public String plain() {
            return rows.stream()
                    .map(row -> row.stream().map(Inline::plain).collect(Collectors.joining(" ")))
                    .collect(Collectors.joining(
                            "\n", head.stream().map(Inline::plain).collect(Collectors.joining(" ")) + "\n", ""));
        }
    }

    record Quote(List<Block> blocks) implements Block {
        public Quote {
            blocks = List.copyOf(blocks);
        }

        @Override
        public String plain() {
            return Block.plain(blocks);
        }
    }

    /**
     * Image.
     *
     * @param source path as written in the page
     * @param words text alternative
     */
    record Picture(String source, String words) implements Block {
        @Override
        public String plain() {
            return words;
        }
    }

    /** Returns the text of several blocks without formatting, one per line. */
    static String plain(List<Block> blocks) {
        return blocks.stream().map(Block::plain).collect(Collectors.joining("\n"));
    }
}
