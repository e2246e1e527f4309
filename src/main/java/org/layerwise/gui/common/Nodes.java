package org.layerwise.gui.common;

import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import javafx.beans.binding.Bindings;
import javafx.beans.value.ObservableStringValue;
import javafx.beans.value.ObservableValue;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Pane;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import javafx.util.StringConverter;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.Ikon;

/** Creates nodes with a uniform look. */
public final class Nodes {

    private Nodes() {}

    /** Creates a button with text. */
    public static Button button(String id, String words, Runnable action) {
        Button button = new Button(words);
        button.setId(id);
        button.setMnemonicParsing(true);
        button.setMinWidth(Region.USE_PREF_SIZE);
        button.setOnAction(event -> action.run());
        return button;
    }

    /** Creates the accented button for the main action of a pane. */
    public static Button primary(String id, String words, Runnable action) {
        Button button = button(id, words, action);
        button.getStyleClass().add("accent");
        return button;
    }

    /** Creates a button with an icon only. Its text is shown in the tooltip and read by screen readers. */
    public static Button iconButton(String id, Ikon icon, String words, Runnable action) {
        Button button = new Button(null, Icons.of(icon));
        button.setId(id);
        button.getStyleClass().addAll("button-icon", "flat");
        Tooltips.set(button, words);
        button.setAccessibleText(words);
        button.setOnAction(event -> action.run());
        return button;
    }

    /** Creates a label with style classes. */
    public static Label label(String words, String... styles) {
        Label label = new Label(words);
        label.getStyleClass().addAll(styles);
        return label;
    }

    /** Lets a label shrink: text that does not fit ends in an ellipsis, and the tooltip shows the whole text. */
    public static Label shortened(Label label) {
        label.setMinWidth(0);
        Tooltips.bind(label, label.textProperty());
        return label;
    }

    /** Creates a row of nodes, centred vertically with the usual space between them. */
    public static HBox row(Node... nodes) {
        HBox row = new HBox(nodes);
        row.getStyleClass().add("row");
        return row;
    }

    /** Lets a label wrap its text. It is always high enough for the whole text. */
    public static Label wrapped(Label label) {
        label.setWrapText(true);
        label.setMinHeight(Region.USE_PREF_SIZE);
        return label;
    }

    /** Creates a label whose text wraps and follows an observable value. */
    public static Label sentence(String id, ObservableValue<String> words, String... styles) {
        Label sentence = wrapped(label("", styles));
        sentence.setId(id);
        sentence.textProperty().bind(words);
        return sentence;
    }

    /** Creates a label of a whole sentence that wraps, and takes no place while there is none. */
    public static Label optionalSentence(String id, ObservableStringValue words, String... styles) {
        Label label = sentence(id, words, styles);
        showWhen(label, Bindings.isNotEmpty(words));
        return label;
    }

    /** Creates the scrolled part of a form, which takes the height that is left. */
    public static ScrollPane scrolledForm(String id, Node groups) {
        ScrollPane scroll = new ScrollPane(groups);
        scroll.setId(id);
        scroll.setFitToWidth(true);
        scroll.setFocusTraversable(false);
        scroll.setHbarPolicy(ScrollPane.ScrollBarPolicy.NEVER);
        VBox.setVgrow(scroll, Priority.ALWAYS);
        return scroll;
    }

    /** Lets a node of a row take all width that the others leave. */
    public static void fillWidth(Region region) {
        region.setMaxWidth(Double.MAX_VALUE);
        HBox.setHgrow(region, Priority.ALWAYS);
    }

    /** Creates a spacer that pushes the following nodes to the far end. */
    public static Region spring() {
        Region spring = new Region();
        HBox.setHgrow(spring, Priority.ALWAYS);
        return spring;
    }

    /** Shows a node only while a condition holds. A hidden node takes no space. */
    public static void showWhen(Node node, ObservableValue<Boolean> condition) {
        node.visibleProperty().bind(condition);
        node.managedProperty().bind(condition);
    }

    /**
     * Adds a node to a parent when a condition holds for the first time, and shows it while the condition holds.
     *
     * @return adds the node if it is not there yet
     */
    public static Runnable addWhen(Pane parent, ObservableValue<Boolean> condition, Supplier<? extends Node> content) {
        boolean[] added = {false};
        Runnable add = () -> {
            if (!added[0]) {
                added[0] = true;
                Node node = content.get();
                showWhen(node, condition);
                parent.getChildren().add(node);
            }
        };
        condition.subscribe(holds -> {
            if (holds) {
                add.run();
            }
        });
        return add;
    }

    /** Shows or hides a node. A hidden node takes no space. */
    public static void show(Node node, boolean visible) {
        node.setVisible(visible);
        node.setManaged(visible);
    }

    /** Disables a node while a condition holds. */
    public static void disableWhen(Node node, ObservableValue<Boolean> condition) {
        node.disableProperty().bind(condition);
    }

    /** Returns a converter that shows values by words, for controls in which nothing is typed. */
    public static <T> StringConverter<@Nullable T> words(Function<@Nullable T, String> words) {
        return new StringConverter<>() {
            @Override
            public String toString(@Nullable T value) {
                return words.apply(value);
            }

            @Override
            public @Nullable T fromString(String typed) {
                throw new UnsupportedOperationException("nothing is typed here");
            }
        };
    }

    /** Runs an action on the key events of a node that pass a test, and consumes them. */
    public static void onKey(Node node, Predicate<KeyEvent> keys, Runnable action) {
        node.setOnKeyPressed(key -> {
            if (keys.test(key)) {
                action.run();
                key.consume();
            }
        });
    }

    /** Creates a caption for a control. Screen readers read the caption with the control. */
    public static Label caption(String words, Node control) {
        Label caption = label(words, "caption");
        caption.setMinWidth(Region.USE_PREF_SIZE);
        caption.setLabelFor(control);
        control.setAccessibleText(words);
        return caption;
    }

    /** Creates a column of a control and its name above. */
    public static VBox field(String title, Node control) {
        VBox field = new VBox(caption(title, control), control);
        field.getStyleClass().add("field");
        return field;
    }
}
