package org.layerwise.gui.help;

import static org.layerwise.gui.common.Messages.text;

import javafx.application.Platform;
import javafx.beans.binding.Bindings;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.control.ListView;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.SplitPane;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyCodeCombination;
import javafx.scene.input.KeyCombination;
import javafx.scene.input.KeyEvent;
import javafx.scene.input.MouseButton;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.material2.Material2OutlinedAL;
import org.layerwise.gui.common.Nodes;
import org.layerwise.gui.help.HelpViewModel.Shown;

/** User guide: list of pages or search results on the left, a page on the right. */
public final class HelpView extends BorderPane implements LineView.Follow {

    private static final double LIST_WIDTH = 0.27;
    private static final KeyCombination FIND = new KeyCodeCombination(KeyCode.F, KeyCombination.SHORTCUT_DOWN);
    private static final KeyCombination BACK = new KeyCodeCombination(KeyCode.LEFT, KeyCombination.ALT_DOWN);
    private static final KeyCombination FORWARD = new KeyCodeCombination(KeyCode.RIGHT, KeyCombination.ALT_DOWN);

    private final HelpViewModel help;
    private final TextField field = new TextField();
    private final ListView<GuidePage> contents = new ListView<>();
    private final ListView<SearchResult> found = new ListView<>();
    private final ScrollPane page = new ScrollPane();
    private boolean following;

    public HelpView(HelpViewModel help) {
        this.help = help;
        getStyleClass().add("help");
        page.setId("help-scroll");
        page.setFitToWidth(true);
        page.setFocusTraversable(true); // the arrow keys and Page Down scroll a focused page
        page.setAccessibleText(text("help.page"));
        help.scrollProperty().bind(page.vvalueProperty());
        SplitPane split = new SplitPane(left(), page);
        SplitPane.setResizableWithParent(split.getItems().get(0), false);
        split.setDividerPositions(LIST_WIDTH);
        setTop(bar());
        setCenter(split);
        help.shownProperty().subscribe(this::show);
        addEventFilter(KeyEvent.KEY_PRESSED, this::press);
        setOnMousePressed(event -> {
            if (event.getButton() == MouseButton.BACK) {
                help.back();
            } else if (event.getButton() == MouseButton.FORWARD) {
                help.forward();
            }
        });
    }

    private HBox bar() {
        Button back = Nodes.iconButton("help-back", Material2OutlinedAL.ARROW_BACK, text("help.back"), help::back);
        back.disableProperty().bind(help.canGoBackProperty().not());
        Button forward = Nodes.iconButton(
                "help-forward", Material2OutlinedAL.ARROW_FORWARD, text("help.forward"), help::forward);
        forward.disableProperty().bind(help.canGoForwardProperty().not());
        Button home = Nodes.iconButton(
                "help-home", Material2OutlinedAL.HOME, text("help.home"), () -> help.open(Guide.INDEX));
        field.setId("help-search");
        field.setPromptText(text("help.search"));
        field.setAccessibleText(text("help.search"));
        field.textProperty().bindBidirectional(help.queryProperty());
        HBox bar = new HBox(back, forward, home, Nodes.spring(), field);
        bar.getStyleClass().addAll("row", "help-bar");
        return bar;
    }

    private Node left() {
        contents.setId("help-contents");
        contents.setAccessibleText(text("help.contents"));
        contents.setItems(help.contents());
        contents.setCellFactory(of -> new ListCell<>() {
            {
                setPrefWidth(0); // text that is too long ends in an ellipsis
            }

            @Override
            protected void updateItem(@Nullable GuidePage item, boolean empty) {
                super.updateItem(item, empty);
                setText(empty || item == null ? null : item.title());
            }
        });
        contents.getSelectionModel().selectedItemProperty().addListener((observable, was, is) -> {
            if (is != null && !following) {
                help.open(is.name());
            }
        });
        found.setId("help-found");
        found.setAccessibleText(text("help.found"));
        found.setItems(help.found());
        found.setCellFactory(of -> new FoundCell());
        found.setOnMouseClicked(event -> openFound());
        found.setOnKeyPressed(event -> {
            if (event.getCode() == KeyCode.ENTER) {
                openFound();
            }
        });
        Label nothing = Nodes.label(text("help.nothing"), "muted");
        nothing.setWrapText(true);
        found.setPlaceholder(nothing);
        var searching =
                Bindings.createBooleanBinding(() -> !help.queryProperty().get().isBlank(), help.queryProperty());
        Nodes.showWhen(found, searching);
        Nodes.showWhen(contents, searching.not());
        StackPane left = new StackPane(contents, found);
        left.getStyleClass().add("help-left");
        left.setMinWidth(180);
        return left;
    }

    private void openFound() {
        SearchResult chosen = found.getSelectionModel().getSelectedItem();
        if (chosen != null) {
            help.open(chosen.anchor().isEmpty() ? chosen.page() : chosen.page() + "#" + chosen.anchor());
        }
    }

    private void press(KeyEvent key) {
        if (FIND.match(key)) {
            field.requestFocus();
            field.selectAll();
        } else if (BACK.match(key)) {
            help.back();
        } else if (FORWARD.match(key)) {
            help.forward();
        } else if (key.getCode() == KeyCode.ESCAPE
                && !help.queryProperty().get().isEmpty()) {
            help.queryProperty().set("");
        } else if (key.getCode() == KeyCode.DOWN
                && field.isFocused()
                && !help.found().isEmpty()) {
            found.requestFocus();
            found.getSelectionModel().selectFirst();
        } else if (key.getCode() == KeyCode.ENTER
                && field.isFocused()
                && !help.found().isEmpty()) {
            found.getSelectionModel().selectFirst();
            openFound();
        } else {
            return;
        }
        key.consume();
    }

    private void show(@Nullable Shown shown) {
        if (shown == null) {
            return;
        }
        following = true;
        int row = help.contents().indexOf(shown.page());
        if (row < 0) {
            contents.getSelectionModel().clearSelection();
        } else {
            contents.getSelectionModel().select(row);
            contents.scrollTo(Math.max(0, row - 4));
        }
        following = false;
        PageView view = page.getContent() instanceof StackPane before
                        && before.getUserData() instanceof GuidePage now
                        && now == shown.page()
                ? (PageView) before.getChildren().get(0)
                : make(shown.page());
        Platform.runLater(() -> scroll(view, shown)); // after the layout
    }

    private PageView make(GuidePage shown) {
        PageView view = new PageView(shown, this);
        StackPane ground = new StackPane(view);
        ground.setUserData(shown);
        ground.getStyleClass().add("help-ground");
        page.setContent(ground);
        page.setVvalue(0);
        return view;
    }

    private void scroll(PageView view, Shown shown) {
        page.applyCss();
        page.layout();
        double hidden = view.getParent().getLayoutBounds().getHeight()
                - page.getViewportBounds().getHeight();
        if (shown.scroll() >= 0) {
            page.setVvalue(shown.scroll());
        } else {
            page.setVvalue(view.heading(shown.anchor())
                    .map(heading -> Math.min(1, heading.getBoundsInParent().getMinY() / Math.max(1, hidden)))
                    .orElse(0.0));
        }
    }

    @Override
    public void follow(String href) {
        help.follow(href);
    }

    @Override
    public String leadsTo(String href) {
        return help.leadsTo(href);
    }

    private static final class FoundCell extends ListCell<SearchResult> {

        private final Label title = Nodes.label("", "strong");
        private final Label excerpt = Nodes.label("", "caption");
        private final VBox box = new VBox(title, excerpt);

        FoundCell() {
            title.setWrapText(true);
            excerpt.setWrapText(true);
            box.getStyleClass().add("help-found-cell");
            setPrefWidth(0); // makes the text wrap
        }

        @Override
        protected void updateItem(@Nullable SearchResult item, boolean empty) {
            super.updateItem(item, empty);
            setText(null);
            if (empty || item == null) {
                setGraphic(null);
                return;
            }
            String where = item.section().isEmpty() ? item.title() : item.title() + " › " + item.section();
            title.setText(where);
            excerpt.setText(item.excerpt());
            setAccessibleText(where + ". " + item.excerpt());
            setGraphic(box);
        }
    }
}
