package org.layerwise.gui.compare;

import static org.layerwise.gui.common.Messages.text;

import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javafx.beans.property.ObjectProperty;
import javafx.beans.value.ObservableValue;
import javafx.collections.ListChangeListener;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.ToggleGroup;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.material2.Material2OutlinedAL;
import org.layerwise.chart.style.ChartStyle;
import org.layerwise.gui.common.CardStack;
import org.layerwise.gui.common.EmptyState;
import org.layerwise.gui.common.Nodes;

/** Comparison of finished analyses: boxes that choose them, and pages that compare the chosen ones. */
public final class CompareView extends BorderPane {

    /** Pages, in the order of their buttons. */
    private enum Page {
        LAYERS,
        AGREEMENT,
        DIFFERENCE,
        TRAJECTORY
    }

    private final CompareViewModel compare;
    private final Map<Page, Node> pages = new EnumMap<>(Page.class);
    private final ToggleGroup toggles = new ToggleGroup();
    private final StackPane content = new StackPane();
    private final Node nothing;
    private final Node mistaken;
    private final Node whole;
    private final Node candidates;
    private final CardStack cards;
    private Page page = Page.LAYERS;

    /**
     * @param highlighted layer under the pointer or the keyboard focus, shared by all panes
     * @param open asks for a saved analysis and opens it
     */
    public CompareView(
            CompareViewModel compare,
            TrajectoryViewModel trajectory,
            ObjectProperty<@Nullable Integer> highlighted,
            ObservableValue<ChartStyle> style,
            Runnable open) {
        this.compare = compare;
        pages.put(Page.LAYERS, new RankingsPage(compare, highlighted, style));
        pages.put(Page.AGREEMENT, new AgreementPage(compare, style));
        pages.put(Page.DIFFERENCE, new PairingPage(compare, highlighted, style));
        pages.put(Page.TRAJECTORY, new TrajectoryPage(trajectory, highlighted, style));
        nothing = new EmptyState(
                Material2OutlinedAL.COMPARE,
                text("compare.empty.title"),
                text("compare.empty.advice"),
                Nodes.primary("compare-open-first", text("compare.open"), open),
                Nodes.button("compare-trajectory", text("trajectory.open"), trajectory::open));
        mistaken =
                new EmptyState(Material2OutlinedAL.COMPARE, compare.mistakeProperty(), text("compare.choose.advice"));
        HBox switches = new HBox(
                toggle(Page.LAYERS, "left-pill"),
                toggle(Page.AGREEMENT, "center-pill"),
                toggle(Page.DIFFERENCE, "center-pill"),
                toggle(Page.TRAJECTORY, "right-pill"));
        switches.getStyleClass().add("segments");
        Button more = Nodes.button("compare-open", text("compare.open"), open);
        HBox heading = Nodes.row(Nodes.label(text("compare.title"), "title-text"), Nodes.spring(), switches, more);
        VBox.setVgrow(content, Priority.ALWAYS);
        candidates = new CandidatesRow(compare);
        VBox body = new VBox(heading, candidates, content);
        body.getStyleClass().add("page");
        ScrollPane scroll = new ScrollPane(body);
        scroll.setFitToWidth(true);
        scroll.setFitToHeight(true);
        scroll.setFocusTraversable(false);
        whole = scroll;
        cards = new CardStack(nothing, whole);
        setCenter(cards);
        getStyleClass().add("pane");
        compare.candidates().addListener((ListChangeListener<Candidate>) change -> choose());
        compare.mistakeProperty().addListener((observable, was, is) -> choose());
        trajectory.shownProperty().addListener((observable, was, is) -> {
            if (was == null || is == null || was.trajectory() != is.trajectory()) {
                page = Page.TRAJECTORY;
                choose();
            }
        });
        choose();
    }

    private ToggleButton toggle(Page of, String shape) {
        ToggleButton button = new ToggleButton(text("compare.page." + id(of)));
        button.setId("compare-page-" + id(of));
        button.setUserData(of);
        button.setToggleGroup(toggles);
        button.getStyleClass().add(shape);
        button.setOnAction(event -> {
            page = of;
            choose();
        });
        return button;
    }

    private void choose() {
        toggles.getToggles().forEach(toggle -> toggle.setSelected(toggle.getUserData() == page));
        boolean ofAnalyses = page != Page.TRAJECTORY;
        Nodes.show(candidates, ofAnalyses);
        cards.show(compare.candidates().isEmpty() && ofAnalyses ? nothing : whole);
        Node now = ofAnalyses && !compare.mistakeProperty().get().isEmpty() ? mistaken : pages.get(page);
        if (!content.getChildren().equals(List.of(now))) {
            content.getChildren().setAll(now);
        }
    }

    private static String id(Page page) {
        return page.name().toLowerCase(Locale.ROOT);
    }
}
