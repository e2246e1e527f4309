package org.layerwise.gui.help;

import java.util.List;
import java.util.stream.Collectors;

/** Part of a line of text in a page. */
sealed interface InlineText {

    /** Returns the text without formatting. */
    String plain();

    /** Plain, strong or emphasised text. */
    record Words(String words, boolean strong, boolean emphasised) implements InlineText {
        @Override
        public String plain() {
            return words;
        }
    }

    /** Inline code, such as a name, a command or a value. */
    record Code(String code) implements InlineText {
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
    record Link(String href, List<InlineText> content) implements InlineText {
        public Link {
            content = List.copyOf(content);
        }

        @Override
        public String plain() {
            return InlineText.plain(content);
        }
    }

    /** Line break. */
    record LineBreak() implements InlineText {
        @Override
        public String plain() {
            return "\n";
        }
    }

    /** Returns the text of several parts without formatting. */
    static String plain(List<InlineText> line) {
        return line.stream().map(InlineText::plain).collect(Collectors.joining());
    }
}
