package org.layerwise.gui.model;

import static org.layerwise.gui.common.Messages.text;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javafx.beans.value.ObservableValue;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.ColumnConstraints;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.material2.Material2OutlinedAL;
import org.kordamp.ikonli.material2.Material2OutlinedMZ;
import org.layerwise.gui.common.EmptyState;
import org.layerwise.gui.common.ErrorBar;
import org.layerwise.gui.common.Icons;
import org.layerwise.gui.common.NodePreparation;
import org.layerwise.gui.common.Nodes;
import org.layerwise.gui.common.Tooltips;
import org.layerwise.study.model.ModelCard;
import org.layerwise.study.model.OpenModel;

/** Model pane: the facts and the tensors of the open model or, while the user chooses a model, the ways to open one. */
public final class ModelView extends BorderPane {

    private final ModelViewModel model;
    private final RecentStudiesView recent;
    private final Supplier<List<Path>> recentStudies;
    private final StackPane card = new StackPane();
    private final EmptyState empty;
    private final Node opening;
    private final Supplier<Node> newOpen;
    private final ObservableValue<Boolean> inFront;
    private final NodePreparation preparation;
    private @Nullable Node open;
    private int changes;
    private int shown;
    private final ArchitectureView architecture;

    /**
     * Contents and actions of the pane.
     *
     * @param working title of the current task; empty if there is none
     * @param chooseFolder asks for a model folder and opens it
     * @param openSample opens the sample study
     * @param recent studies that were opened before, latest first
     * @param openStudy opens a study
     */
    public record Offers(
            ObservableValue<String> working,
            Runnable chooseFolder,
            Runnable openSample,
            Supplier<List<Path>> recent,
            Consumer<Path> openStudy) {}

    /**
     * Creates the pane. While it is hidden, what it shows changes when the window has time.
     *
     * @param inFront true while the pane is in front
     * @param preparation makes what a hidden pane will show
     */
    public ModelView(
            ModelViewModel model,
            CacheViewModel cache,
            HubViewModel hub,
            ArchitectureViewModel architecture,
            Offers offers,
            ObservableValue<Boolean> inFront,
            NodePreparation preparation) {
        this.model = model;
        this.inFront = inFront;
        this.preparation = preparation;
        this.architecture = new ArchitectureView(architecture);
        this.empty = new EmptyState(
                Material2OutlinedMZ.SCATTER_PLOT,
                text("model.empty.title"),
                text("model.empty.advice"),
                Nodes.primary("welcome-sample", text("action.sample"), offers.openSample()),
                Nodes.button("welcome-open", text("action.open.model"), () -> model.choosingProperty()
                        .set(true)));
        recent = new RecentStudiesView(offers.openStudy());
        recentStudies = offers.recent();
        empty.getChildren().add(recent);
        newOpen = () -> new OpenView(model, cache, hub, offers.chooseFolder());
        opening = new EmptyState(Material2OutlinedAL.HOURGLASS_EMPTY, offers.working(), text("working.advice"));
        getStyleClass().add("pane");
        setTop(new ErrorBar(model.problemProperty()));
        setCenter(card);
        model.modelProperty().addListener((observable, was, is) -> show());
        model.openingProperty().addListener((observable, was, is) -> show());
        model.choosingProperty().addListener((observable, was, is) -> show());
        inFront.addListener((observable, was, is) -> {
            if (is && shown != changes) {
                put(node());
            }
        });
        preparation.prepare(
                () -> this.architecture.getParent() == null ? Optional.of(this.architecture) : Optional.empty(),
                ready -> {});
        show();
    }

    private void show() {
        int change = ++changes;
        if (inFront.getValue()) {
            put(node());
        } else {
            preparation.prepare(() -> isDue(change) ? Optional.of(node()) : Optional.empty(), node -> {
                if (isDue(change)) {
                    put(node);
                }
            });
        }
    }

    /** Returns true if a change is the last one and is not shown yet. */
    private boolean isDue(int change) {
        return change == changes && shown != changes;
    }

    private void put(Node node) {
        shown = changes;
        card.getChildren().setAll(node);
    }

    private Node node() {
        OpenModel loaded = model.modelProperty().get();
        Node now;
        if (model.choosingProperty().get()) {
            now = open();
        } else if (loaded != null) {
            now = page(loaded.card());
        } else if (model.openingProperty().get()) {
            now = opening;
        } else {
            recent.show(recentStudies.get());
            now = empty;
        }
        return now;
    }

    /** Returns the choice of a model, built when it is first shown. */
    private Node open() {
        Node view = open == null ? newOpen.get() : open;
        open = view;
        return view;
    }

    private Node page(ModelCard facts) {
        Label name = Nodes.shortened(Nodes.label(facts.name(), "title-text"));
        name.setId("model-name");
        VBox page = new VBox(name);
        String notWhole = ModelFacts.incompleteReason(facts);
        if (!notWhole.isEmpty()) {
            page.getChildren().add(notice(notWhole));
        }
        VBox.setVgrow(architecture, Priority.ALWAYS);
        page.getChildren().addAll(grid(ModelFacts.of(facts)), openAnotherButton(), architecture);
        page.getStyleClass().add("page");
        ScrollPane scroll = new ScrollPane(page);
        scroll.setFitToWidth(true);
        scroll.setFitToHeight(true);
        return scroll;
    }

    private static Node notice(String words) {
        Label sentence = Nodes.wrapped(Nodes.label(words));
        sentence.setId("model-by-layers");
        HBox box = new HBox(Icons.of(Material2OutlinedAL.LAYERS), sentence);
        box.getStyleClass().add("model-note");
        box.setMinHeight(USE_PREF_SIZE);
        return box;
    }

    /** Arranges the facts in two columns, with the first half on the left. */
    private static Node grid(List<ModelFacts.Fact> facts) {
        GridPane grid = new GridPane();
        grid.getStyleClass().add("facts");
        for (int half = 0; half < 2; half++) {
            ColumnConstraints value = new ColumnConstraints();
            value.setHgrow(Priority.ALWAYS);
            value.setPercentWidth(half == 0 ? -1 : 40);
            grid.getColumnConstraints().addAll(new ColumnConstraints(), value);
        }
        int rows = (facts.size() + 1) / 2;
        for (int index = 0; index < facts.size(); index++) {
            ModelFacts.Fact fact = facts.get(index);
            Label value = Nodes.label(fact.value(), "fact");
            value.setMinWidth(0);
            Tooltips.set(value, fact.exact().isEmpty() ? fact.value() : fact.exact());
            value.setId(fact.key().replace('.', '-'));
            value.setAccessibleText(text(fact.key()) + " " + fact.value());
            Label caption = Nodes.label(text(fact.key()), "muted");
            caption.setMinWidth(USE_PREF_SIZE);
            grid.add(caption, index < rows ? 0 : 2, index % rows);
            grid.add(value, index < rows ? 1 : 3, index % rows);
        }
        grid.setMinHeight(USE_PREF_SIZE);
        return grid;
    }

    private Node openAnotherButton() {
        var reload = Nodes.button("reload", text("model.reload"), model::reopen);
        OpenOptionsRow row = new OpenOptionsRow(model.choices(), "", reload);
        row.disableProperty().bind(model.openingProperty());
        row.setMinHeight(USE_PREF_SIZE);
        return row;
    }
}
