package org.layerwise.gui.help;

import java.util.List;
import java.util.stream.Collectors;

/** What a page is made of, from top to bottom. */
sealed interface Block {

    /** What it says, without looks: what the search looks through. */
    String plain();

    /** @param anchor by which links name it, as GitHub makes it of the words */
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

    /** Lines to be typed or read as they are. */
    record Listing(String lines) implements Block {
        @Override
        public String plain() {
            return lines;
        }
    }

    /** @param first the number of the first item; 0 for a list without numbers */
    record Items(int first, List<List<Block>> items) implements Block {
        public Items {
            items = items.stream().map(List::copyOf).toList();
        }

        @Override
        public String plain() {
            return items.stream().map(Block::plain).collect(Collectors.joining("\n"));
        }
    }

    /** @param rows without the head; each as long as it */
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
     * @param source as the page spells it
     * @param words what is to be seen, for those who do not see it
     */
    record Picture(String source, String words) implements Block {
        @Override
        public String plain() {
            return words;
        }
    }

    /** What several say together. */
    static String plain(List<Block> blocks) {
        return blocks.stream().map(Block::plain).collect(Collectors.joining("\n"));
    }
}
