package org.layerwise.gui.study;

import static org.layerwise.gui.common.Messages.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import javafx.beans.InvalidationListener;
import javafx.collections.ListChangeListener;
import javafx.collections.ObservableList;
import javafx.scene.control.TreeItem;
import javafx.scene.control.TreeView;
import javafx.scene.layout.BorderPane;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.Ikon;
import org.kordamp.ikonli.material2.Material2OutlinedAL;
import org.kordamp.ikonli.material2.Material2OutlinedMZ;
import org.layerwise.analysis.Position;
import org.layerwise.gui.common.Nodes;
import org.layerwise.gui.common.NumberTexts;
import org.layerwise.gui.run.RunTexts;
import org.layerwise.gui.session.AnalysisEntry;
import org.layerwise.gui.session.ExperimentEntry;
import org.layerwise.gui.session.RunEntry;
import org.layerwise.gui.session.StudySession;
import org.layerwise.gui.session.StudySession.OpenData;
import org.layerwise.gui.study.NavigatorNode.Kind;
import org.layerwise.study.analysis.Analysis;
import org.layerwise.study.document.NamedSelection;
import org.layerwise.study.model.OpenModel;

/** Tree with the contents of the study. Choosing a node opens its pane. */
public final class NavigatorView extends BorderPane {

    private final StudySession session;
    private final Consumer<NamedSelection> compare;
    private final TreeView<NavigatorNode> tree = new TreeView<>();
    private final TreeItem<NavigatorNode> model = section("navigator.model", Pane.MODEL);
    private final TreeItem<NavigatorNode> data = section("navigator.data", Pane.DATA);
    private final TreeItem<NavigatorNode> analyses = section("navigator.analyses", Pane.ANALYSIS);
    private final TreeItem<NavigatorNode> selections = section("navigator.selections", Pane.ANALYSIS);
    private final TreeItem<NavigatorNode> runs = section("navigator.runs", Pane.TRAINING);
    private final TreeItem<NavigatorNode> experiments = section("navigator.experiments", Pane.EXPERIMENT);

    /**
     * Creates a navigator for a study.
     *
     * @param open shows a pane
     * @param compare compares a saved selection with the current one
     */
    public NavigatorView(StudySession session, Consumer<Pane> open, Consumer<NamedSelection> compare) {
        this.session = session;
        this.compare = compare;
        TreeItem<NavigatorNode> root = new TreeItem<>();
        root.getChildren().setAll(List.of(model, data, analyses, selections, runs, experiments));
        tree.setId("navigator");
        tree.setRoot(root);
        tree.setShowRoot(false);
        tree.setAccessibleText(text("navigator.title"));
        tree.setCellFactory(of -> new NavigatorCell());
        tree.getSelectionModel().selectedItemProperty().addListener((item, was, is) -> choose(open));
        // clicking a node that is already selected opens its pane again
        tree.setOnMouseClicked(event -> choose(open));
        getStyleClass().addAll("pane", "side");
        setTop(Nodes.label(text("navigator.title"), "section"));
        setCenter(tree);
        session.modelProperty().addListener((observable, was, is) -> showModel(is));
        session.dataProperty().addListener((observable, was, is) -> showData(is));
        session.analyses().addListener((ListChangeListener<AnalysisEntry>) change -> showAnalyses());
        session.analysisProperty().addListener((observable, was, is) -> showAnalyses());
        session.runs().addListener((ListChangeListener<RunEntry>) change -> {
            while (change.next()) {
                change.getAddedSubList()
                        .forEach(run -> run.stateProperty().addListener((InvalidationListener) state -> showRuns()));
            }
            showRuns();
        });
        session.runProperty().addListener((observable, was, is) -> showRuns());
        session.experiments().addListener((ListChangeListener<ExperimentEntry>) change -> {
            while (change.next()) {
                change.getAddedSubList().forEach(entry -> entry.stateProperty()
                        .addListener((InvalidationListener) state -> showExperiments()));
            }
            showExperiments();
        });
        session.experimentProperty().addListener((observable, was, is) -> showExperiments());
        session.kept().addListener((ListChangeListener<NamedSelection>) change -> showKept());
        showKept();
        showModel(session.modelProperty().get());
        showData(session.dataProperty().get());
        showAnalyses();
        showRuns();
        showExperiments();
    }

    /** Clears the selection if the selected node's pane is no longer in front. */
    public void follow(Pane pane) {
        TreeItem<NavigatorNode> chosen = tree.getSelectionModel().getSelectedItem();
        if (chosen != null && chosen.getValue() != null && chosen.getValue().pane() != pane) {
            tree.getSelectionModel().clearSelection();
        }
    }

    private void choose(Consumer<Pane> open) {
        TreeItem<NavigatorNode> chosen = tree.getSelectionModel().getSelectedItem();
        if (chosen != null && chosen.getValue() != null) {
            chosen.getValue().choose().run();
            open.accept(chosen.getValue().pane());
        }
    }

    private void showModel(@Nullable OpenModel loaded) {
        fill(
                model,
                "navigator.model.none",
                Optional.ofNullable(loaded).stream(),
                open -> leaf(
                        Pane.MODEL,
                        Material2OutlinedMZ.SCATTER_PLOT,
                        open.card().name(),
                        text(
                                "navigator.model.detail",
                                open.card().layers(),
                                String.valueOf(open.card().hiddenSize()),
                                NumberTexts.parameters(open.card().parameters()))));
    }

    private void showData(@Nullable OpenData loaded) {
        fill(
                data,
                "navigator.data.none",
                Optional.ofNullable(loaded).stream(),
                open -> leaf(
                        Pane.DATA,
                        Material2OutlinedMZ.TABLE_CHART,
                        open.preview().name(),
                        text(
                                "navigator.data.detail",
                                NumberTexts.exact(open.preview().size()))));
    }

    private void showAnalyses() {
        boolean severalModels = session.analyses().stream()
                        .map(entry -> entry.analysis().model())
                        .distinct()
                        .count()
                > 1;
        fill(analyses, "navigator.analyses.none", session.analyses().stream(), entry -> node(entry, severalModels));
    }

    private NavigatorNode node(AnalysisEntry entry, boolean severalModels) {
        Analysis analysis = entry.analysis();
        String detail = measures(analysis) + " · ";
        if (analysis.hasRows()) {
            detail += text(
                    "navigator.analysis.detail",
                    severalModels ? analysis.model() : position(analysis),
                    NumberTexts.exact(analysis.samples()));
        } else if (severalModels) {
            detail += text("navigator.analysis.weights.of", analysis.model());
        } else {
            detail += text("navigator.analysis.weights");
        }
        return new NavigatorNode(
                Kind.LEAF,
                Pane.ANALYSIS,
                entry.folder() == null ? Material2OutlinedAL.GRID_ON : Material2OutlinedMZ.SAVE,
                text("navigator.analysis", entry.number(), entry.task()),
                detail,
                session.analyses().size() > 1
                        && entry == session.analysisProperty().get(),
                () -> session.analysisProperty().set(entry));
    }

    private static String measures(Analysis analysis) {
        return NumberTexts.andMore(
                analysis.results(), result -> result.measure().shortName());
    }

    private void showKept() {
        fill(
                selections,
                "navigator.selections.none",
                session.kept().stream(),
                kept -> new NavigatorNode(
                        Kind.LEAF,
                        Pane.ANALYSIS,
                        Material2OutlinedAL.BOOKMARK_BORDER,
                        kept.name(),
                        text(
                                "navigator.selection.detail",
                                kept.selection().layers().size(),
                                kept.selection().of()),
                        false,
                        () -> compare.accept(kept)));
    }

    private static String position(Analysis analysis) {
        Position position = analysis.position();
        return text(position == null ? "position.unknown" : "position." + position.id());
    }

    private void showRuns() {
        fill(
                runs,
                "navigator.runs.none",
                session.runs().stream(),
                run -> new NavigatorNode(
                        Kind.LEAF,
                        Pane.TRAINING,
                        icon(run.stateProperty().get()),
                        run.layers().isEmpty()
                                ? RunTexts.label(run)
                                : text(
                                        "navigator.run",
                                        run.number(),
                                        NumberTexts.layers(run.layers()),
                                        run.layers().size()),
                        state(run),
                        session.runs().size() > 1
                                && run == session.runProperty().get(),
                        () -> session.runProperty().set(run)));
    }

    private void showExperiments() {
        fill(
                experiments,
                "navigator.experiments.none",
                session.experiments().stream(),
                entry -> new NavigatorNode(
                        Kind.LEAF,
                        Pane.EXPERIMENT,
                        Material2OutlinedMZ.SCIENCE,
                        entry.name(),
                        text("experiment.state."
                                + entry.stateProperty().get().name().toLowerCase(Locale.ROOT)),
                        session.experiments().size() > 1
                                && entry == session.experimentProperty().get(),
                        () -> session.experimentProperty().set(entry)));
    }

    private static String state(RunEntry run) {
        String state = RunTexts.state(run.stateProperty().get());
        return run.visitingProperty().get() ? text("navigator.run.visiting", state) : state;
    }

    private static Ikon icon(RunEntry.State state) {
        return switch (state) {
            case QUEUED -> Material2OutlinedMZ.SCHEDULE;
            case RUNNING -> Material2OutlinedMZ.PLAY_ARROW;
            case PAUSED -> Material2OutlinedMZ.PAUSE;
            case STOPPING -> Material2OutlinedAL.HOURGLASS_EMPTY;
            case FINISHED -> Material2OutlinedAL.CHECK;
            case CANCELLED -> Material2OutlinedMZ.STOP;
            case FAILED -> Material2OutlinedAL.ERROR_OUTLINE;
            case INTERRUPTED -> Material2OutlinedMZ.RESTORE;
        };
    }

    private static TreeItem<NavigatorNode> section(String key, Pane pane) {
        TreeItem<NavigatorNode> item =
                new TreeItem<>(new NavigatorNode(Kind.SECTION, pane, null, text(key), "", false, () -> {}));
        item.setExpanded(true);
        return item;
    }

    private static NavigatorNode leaf(Pane pane, Ikon icon, String name, String detail) {
        return new NavigatorNode(Kind.LEAF, pane, icon, name, detail, false, () -> {});
    }

    /**
     * Fills a section, with a hint if there is nothing. Existing items are reused, because removing a selected item
     * would select its neighbour.
     */
    private static <T> void fill(
            TreeItem<NavigatorNode> section, String none, Stream<T> things, Function<T, NavigatorNode> node) {
        List<NavigatorNode> nodes = new ArrayList<>(things.map(node).toList());
        if (nodes.isEmpty()) {
            nodes.add(new NavigatorNode(Kind.HINT, section.getValue().pane(), null, text(none), "", false, () -> {}));
        }
        ObservableList<TreeItem<NavigatorNode>> items = section.getChildren();
        for (int i = 0; i < nodes.size(); i++) {
            if (i < items.size()) {
                items.get(i).setValue(nodes.get(i));
            } else {
                items.add(new TreeItem<>(nodes.get(i)));
            }
        }
        if (items.size() > nodes.size()) {
            items.remove(nodes.size(), items.size());
        }
        section.setExpanded(true);
    }
}
