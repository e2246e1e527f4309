package org.layerwise.gui.help;

import java.util.List;
import java.util.stream.Collectors;

/** What stands in a line of a page. */
sealed interface Inline {

    /** What it says, without looks. */
    String plain();

    /** Plain, strong or emphasised words. */
    record Words(String words, boolean strong, boolean emphasised) implements Inline {
        @Override
        public String plain() {
            return words;
        }
    }

    /** A name, a command, a value: as it is typed. */
    record Code(String code) implements Inline {
        @Override
        public String plain() {
            return code;
        }
    }

    /** @param href as the page spells it */
    record Link(String href, List<Inline> content) implements Inline {
        public Link {
            content = List.copyOf(content);
        }

        @Override
        public String plain() {
            return Inline.plain(content);
        }
    }

    /** Where a line ends before its end. */
    record LineBreak() implements Inline {
        @Override
        public String plain() {
            return "\n";
        }
    }

    /** What several say together. */
    static String plain(List<Inline> line) {
        return line.stream().map(Inline::plain).collect(Collectors.joining());
    }
}
