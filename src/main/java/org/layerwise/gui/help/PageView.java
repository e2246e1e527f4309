package org.layerwise.gui.help;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javafx.geometry.Pos;
import javafx.scene.AccessibleRole;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.image.Image;
import javafx.scene.image.ImageView;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import org.layerwise.gui.common.Nodes;
import org.layerwise.gui.help.PageBlock.Heading;
import org.layerwise.gui.help.PageBlock.Items;
import org.layerwise.gui.help.PageBlock.Listing;
import org.layerwise.gui.help.PageBlock.Paragraph;
import org.layerwise.gui.help.PageBlock.Picture;
import org.layerwise.gui.help.PageBlock.Quote;
import org.layerwise.gui.help.PageBlock.Table;

/** Displays a page as JavaFX nodes. */
final class PageView extends VBox {

    private static final double WIDTH = 820;
    private static final int SMALLEST_HEADING = 3;

    private final LineView.Follow links;
    private final Map<String, Node> headings = new HashMap<>();
    private final List<TableNode> tables = new ArrayList<>();
    private final List<ImageView> pictures = new ArrayList<>();

    PageView(GuidePage page, LineView.Follow links) {
        this.links = links;
        setId("help-page");
        getStyleClass().add("help-page");
        setAccessibleText(page.title());
        setMaxWidth(WIDTH);
        page.blocks().forEach(block -> getChildren().add(node(block)));
        widthProperty().addListener((observable, was, is) -> fit(is.doubleValue()));
    }

    /** Returns the node of the heading with an anchor. */
    Optional<Node> heading(String anchor) {
        return Optional.ofNullable(headings.get(anchor));
    }

    private void fit(double width) {
        double inside = width - getInsets().getLeft() - getInsets().getRight();
        tables.forEach(table -> table.fit(inside));
        pictures.forEach(picture -> picture.setFitWidth(Math.min(
                inside,
                picture.getImage().getWidth() <= 0 ? inside : picture.getImage().getWidth())));
    }

    private Node node(PageBlock block) {
        if (block instanceof Heading heading) {
            int level = Math.min(SMALLEST_HEADING, heading.level());
            LineView line = new LineView(heading.line(), links, "help-heading-" + level);
            line.setAccessibleRole(AccessibleRole.TEXT);
            headings.put(heading.anchor(), line);
            return line;
        } else if (block instanceof Paragraph paragraph) {
            return new LineView(paragraph.line(), links);
        } else if (block instanceof Listing listing) {
            return new ListingNode(listing);
        } else if (block instanceof Items items) {
            return items(items);
        } else if (block instanceof Table table) {
            TableNode node = new TableNode(table, links);
            tables.add(node);
            return node;
        } else if (block instanceof Quote quote) {
            VBox box = new VBox();
            box.getStyleClass().add("help-quote");
            quote.blocks().forEach(inner -> box.getChildren().add(node(inner)));
            return box;
        }
        return picture((Picture) block);
    }

    private Node items(Items items) {
        VBox list = new VBox();
        list.getStyleClass().add("help-list");
        int number = items.first();
        for (List<PageBlock> item : items.items()) {
            Label mark = Nodes.label(items.first() == 0 ? "•" : number++ + ".", "help-mark");
            VBox content = new VBox();
            content.getStyleClass().add("help-item");
            item.forEach(block -> content.getChildren().add(node(block)));
            HBox.setHgrow(content, Priority.ALWAYS);
            list.getChildren().add(new HBox(mark, content));
        }
        return list;
    }

    private Node picture(Picture picture) {
        Optional<Image> image = Guide.picture(picture.source()).map(place -> new Image(place.toExternalForm(), true));
        if (image.isEmpty()) {
            return Nodes.label(picture.plain(), "muted");
        }
        ImageView view = new ImageView(image.get());
        view.setPreserveRatio(true);
        view.setSmooth(true);
        view.setAccessibleText(picture.plain());
        view.setFitWidth(WIDTH / 2);
        image.get().progressProperty().addListener((observable, was, is) -> fit(getWidth()));
        pictures.add(view);
        StackPane frame = new StackPane(view);
        frame.setAlignment(Pos.TOP_LEFT);
        frame.setMinWidth(0); // the page may become narrower than the image
        return frame;
    }
}
