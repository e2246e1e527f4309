package org.layerwise.gui.help;

import java.util.List;
import java.util.stream.Collectors;

/** Part of a line of text in a page. */
sealed interface Inline {

    /** Returns the text without formatting. */
    String plain();

    /** Plain, strong or emphasised text. */
    record Words(String words, boolean strong, boolean emphasised) implements Inline {
        @Override
        public String plain() {
            return words;
        }
    }

    /** Inline code, such as a name, a command or a value. */
    record Code(String code) implements Inline {
        @Override
        public String plain() {
            return code;
        }
    }

    /**
     * Link.
     *
     * @param href target as written in the page
     * @param content text of the link
     */
    record Link(String href, List<Inline> content) implements Inline {
        public Link {
            content = List.copyOf(content);
        }

        @Override
        public String plain() {
            return Inline.plain(content);
        }
    }

    /** Line break. */
    record LineBreak() implements Inline {
        @Override
        public String plain() {
            return "\n";
        }
    }

    /** Returns the text of several parts without formatting. */
    static String plain(List<Inline> line) {
        return line.stream().map(Inline::plain).collect(Collectors.joining());
    }
}
