package org.layerwise.gui.help;

import java.util.ArrayList;
import java.util.List;
import org.commonmark.ext.gfm.tables.TableBlock;
import org.commonmark.ext.gfm.tables.TableBody;
import org.commonmark.ext.gfm.tables.TableHead;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.BlockQuote;
import org.commonmark.node.BulletList;
import org.commonmark.node.Code;
import org.commonmark.node.Emphasis;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.HardLineBreak;
import org.commonmark.node.Heading;
import org.commonmark.node.Image;
import org.commonmark.node.IndentedCodeBlock;
import org.commonmark.node.Link;
import org.commonmark.node.ListBlock;
import org.commonmark.node.Node;
import org.commonmark.node.OrderedList;
import org.commonmark.node.Paragraph;
import org.commonmark.node.SoftLineBreak;
import org.commonmark.node.StrongEmphasis;
import org.commonmark.node.Text;
import org.commonmark.parser.Parser;

/** Parses pages in Markdown: CommonMark with tables, without HTML. */
final class PageParser {

    private final Parser parser =
            Parser.builder().extensions(List.of(TablesExtension.create())).build();

    /**
     * Parses a page.
     *
     * @param name name of the page
     * @param markdown text of the page
     * @throws IllegalArgumentException if the page contains unsupported elements, such as HTML
     */
    GuidePage parse(String name, String markdown) {
        List<PageBlock> blocks;
        try {
            blocks = blocks(parser.parse(markdown), new Anchors());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(name + ": " + e.getMessage(), e);
        }
        String title = blocks.stream()
                .filter(PageBlock.Heading.class::isInstance)
                .map(PageBlock::plain)
                .findFirst()
                .orElse(name);
        return new GuidePage(name, title, blocks);
    }

    private static List<PageBlock> blocks(Node parent, Anchors anchors) {
        List<PageBlock> blocks = new ArrayList<>();
        for (Node node : children(parent)) {
            blocks.add(block(node, anchors));
        }
        return blocks;
    }

    private static PageBlock block(Node node, Anchors anchors) {
        if (node instanceof Heading heading) {
            List<InlineText> line = line(node);
            return new PageBlock.Heading(heading.getLevel(), line, anchors.next(InlineText.plain(line)));
        } else if (node instanceof Paragraph) {
            Node only = node.getFirstChild();
            return only instanceof Image image && only.getNext() == null
                    ? new PageBlock.Picture(image.getDestination(), InlineText.plain(line(image)))
                    : new PageBlock.Paragraph(line(node));
        } else if (node instanceof FencedCodeBlock code) {
            return new PageBlock.Listing(code.getLiteral().stripTrailing());
        } else if (node instanceof IndentedCodeBlock code) {
            return new PageBlock.Listing(code.getLiteral().stripTrailing());
        } else if (node instanceof BulletList || node instanceof OrderedList) {
            return items((ListBlock) node, anchors);
        } else if (node instanceof BlockQuote) {
            return new PageBlock.Quote(blocks(node, anchors));
        } else if (node instanceof TableBlock) {
            return table(node);
        }
        throw new IllegalArgumentException(
                "A page of the guide cannot have a " + node.getClass().getSimpleName());
    }

    private static PageBlock items(ListBlock list, Anchors anchors) {
        int first = list instanceof OrderedList ordered ? ordered.getMarkerStartNumber() : 0;
        List<List<PageBlock>> items = new ArrayList<>();
        for (Node item : children(list)) {
            items.add(blocks(item, anchors));
        }
        return new PageBlock.Items(first, items);
    }

    private static PageBlock table(Node table) {
        List<List<InlineText>> head = List.of();
        List<List<List<InlineText>>> rows = new ArrayList<>();
        for (Node part : children(table)) {
            for (Node row : children(part)) {
                List<List<InlineText>> cells =
                        children(row).stream().map(PageParser::line).toList();
                if (part instanceof TableHead) {
                    head = cells;
                } else if (part instanceof TableBody) {
                    rows.add(cells);
                }
            }
        }
        return new PageBlock.Table(head, rows);
    }

    private static List<InlineText> line(Node parent) {
        List<InlineText> line = new ArrayList<>();
        collect(parent, false, false, line);
        return line;
    }

    private static void collect(Node parent, boolean strong, boolean emphasised, List<InlineText> line) {
        for (Node node : children(parent)) {
            if (node instanceof Text text) {
                line.add(new InlineText.Words(text.getLiteral(), strong, emphasised));
            } else if (node instanceof SoftLineBreak) {
                line.add(new InlineText.Words(" ", strong, emphasised));
            } else if (node instanceof HardLineBreak) {
                line.add(new InlineText.Words("\n", false, false));
            } else if (node instanceof Code code) {
                line.add(new InlineText.Code(code.getLiteral()));
            } else if (node instanceof Emphasis) {
                collect(node, strong, true, line);
            } else if (node instanceof StrongEmphasis) {
                collect(node, true, emphasised, line);
            } else if (node instanceof Link link) {
                List<InlineText> content = new ArrayList<>();
                collect(node, strong, emphasised, content);
                line.add(new InlineText.Link(link.getDestination(), content));
            } else {
                throw new IllegalArgumentException("A line of the guide cannot have a "
                        + node.getClass().getSimpleName() + ": " + InlineText.plain(line));
            }
        }
    }

    private static List<Node> children(Node parent) {
        List<Node> children = new ArrayList<>();
        for (Node child = parent.getFirstChild(); child != null; child = child.getNext()) {
            children.add(child);
        }
        return children;
    }
}
