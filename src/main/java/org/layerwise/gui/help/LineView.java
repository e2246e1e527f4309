package org.layerwise.gui.help;

import java.util.List;
import javafx.scene.Node;
import javafx.scene.control.Hyperlink;
import javafx.scene.text.Text;
import javafx.scene.text.TextFlow;
import org.layerwise.gui.common.Tooltips;
import org.layerwise.gui.help.InlineText.Code;
import org.layerwise.gui.help.InlineText.Link;
import org.layerwise.gui.help.InlineText.Words;

/** Line of text in a page, which wraps. */
final class LineView extends TextFlow {

    /** Follows links, and returns their tooltips. */
    interface Follow {
        void follow(String href);

        String leadsTo(String href);
    }

    LineView(List<InlineText> line, Follow links, String... styles) {
        getStyleClass().add("help-line");
        getStyleClass().addAll(styles);
        setAccessibleText(InlineText.plain(line));
        line.forEach(part -> getChildren().add(node(part, links)));
    }

    private static Node node(InlineText part, Follow links) {
        if (part instanceof Words words) {
            Text text = text(words.plain(), "help-text");
            if (words.strong()) {
                text.getStyleClass().add("help-strong");
            }
            if (words.emphasised()) {
                text.getStyleClass().add("help-emphasis");
            }
            return text;
        } else if (part instanceof Code code) {
            return text(code.plain(), "help-code");
        }
        return link((Link) part, links);
    }

    private static Node link(Link link, Follow links) {
        Hyperlink node = new Hyperlink(link.plain());
        node.getStyleClass().add("help-link");
        if (!link.content().isEmpty() && link.content().get(0) instanceof Code) {
            node.getStyleClass().add("help-code-link");
        }
        String leadsTo = links.leadsTo(link.href());
        Tooltips.set(node, leadsTo);
        node.setOnAction(event -> links.follow(link.href()));
        return node;
    }

    private static Text text(String words, String style) {
        Text text = new Text(words);
        text.getStyleClass().add(style);
        return text;
    }
}
