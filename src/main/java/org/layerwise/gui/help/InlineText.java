package org.layerwise.gui.help;

import java.util.List;
import java.util.stream.Collectors;

/** Part of a line of text in a page. */
sealed interface InlineText {

    /** Returns the text without formatting. */
    String plain();

    /** Plain, strong or emphasised text; a line break is a line feed. */
    record Words(String plain, boolean strong, boolean emphasised) implements InlineText {}

    /** Inline code, such as a name, a command or a value. */
    record Code(String plain) implements InlineText {}

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

    /** Returns the text of several parts without formatting. */
    static String plain(List<InlineText> line) {
        return line.stream().map(InlineText::plain).collect(Collectors.joining());
    }
}
