package org.layerwise.gui.shell;

import static org.layerwise.gui.text.Messages.text;

import java.net.URL;
import java.nio.file.Path;
import java.time.Clock;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import javafx.beans.binding.Bindings;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.collections.ListChangeListener;
import javafx.collections.ObservableList;
import javafx.scene.Node;
import javafx.scene.Scene;
import javafx.scene.control.Label;
import javafx.scene.control.SplitPane;
import javafx.scene.control.Tab;
import javafx.scene.control.TabPane;
import javafx.scene.image.Image;
import javafx.scene.input.TransferMode;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.VBox;
import javafx.stage.Stage;
import org.controlsfx.control.StatusBar;
import org.layerwise.gui.analysis.AnalysisView;
import org.layerwise.gui.compare.CompareView;
import org.layerwise.gui.control.Nodes;
import org.layerwise.gui.data.DataView;
import org.layerwise.gui.data.Thumbnails;
import org.layerwise.gui.dialog.FileDialogs;
import org.layerwise.gui.dialog.FxDialogs;
import org.layerwise.gui.dialog.Notices;
import org.layerwise.gui.engine.Engine;
import org.layerwise.gui.model.ModelView;
import org.layerwise.gui.navigator.NavigatorView;
import org.layerwise.gui.navigator.Pane;
import org.layerwise.gui.runs.RunsView;
import org.layerwise.gui.selection.SelectionView;
import org.layerwise.gui.stability.StabilityView;
import org.layerwise.gui.tasks.FxUi;
import org.layerwise.gui.tasks.FxWorkQueue;
import org.layerwise.gui.tasks.TasksView;
import org.layerwise.gui.tasks.WorkTask;
import org.layerwise.gui.text.Figures;
import org.layerwise.gui.training.TrainingView;

/** The one window: navigator, panes, selection, tasks, status; and what outlives it in the settings. */
public final class MainWindow implements AutoCloseable {

    private static final String RESOURCES = "/org/layerwise/gui/";
    private static final int[] ICON_SIZES = {16, 32, 48, 64, 128, 256};

    private final Stage stage;
    private final WindowSettings settings;
    private final FxUi ui = new FxUi();
    private final Thumbnails thumbnails = new Thumbnails(ui);
    private final FxWorkQueue queue = new FxWorkQueue(ui);
    private final ObservableList<WorkTask<?>> tasks = queue.tasks();
    private final StatusBar status = new StatusBar();
    private final Label used = Nodes.label("", "muted", "figures");
    private final ReadOnlyStringWrapper working = new ReadOnlyStringWrapper("");
    private final Notices notices = new Notices();
    private String said = text("status.ready");
    private final FxDialogs dialogs;
    private final Appearance appearance;
    private final ViewModels models;
    private final Actions actions;
    private final Closing closing;
    private final TabPane tabs = new TabPane();
    private final Map<Pane, Tab> tabOf = new EnumMap<>(Pane.class);
    private final WindowPlace place;
    private final MemoryMeter memory;

    /**
     * Builds the window without showing it.
     *
     * @param engine what works; not closed with the window
     * @param runsFolder where run folders go
     */
    public MainWindow(Stage stage, Engine engine, Path runsFolder, WindowSettings settings, FileDialogs files) {
        Fonts.load();
        this.stage = stage;
        this.settings = settings;
        dialogs = new FxDialogs(stage, notices, this::say);
        appearance = new Appearance(settings.theme());
        models = ViewModels.of(
                new ViewModels.World(
                        engine, queue, ui, files, dialogs, settings, settings, runsFolder, Clock.systemDefaultZone()),
                appearance::dark);
        actions = new Actions(models, files, this::show);
        closing = new Closing(stage, tasks, models.work(), dialogs, queue::stopAll);
        place = new WindowPlace(stage, settings);
        memory = new MemoryMeter(ui, this::showMemory);
        Scene scene = new Scene(root(files));
        scene.getStylesheets().add(resource("layerwise.css").toExternalForm());
        stage.setScene(scene);
        for (int size : ICON_SIZES) {
            stage.getIcons()
                    .add(new Image(
                            resource("icons/layerwise-%d.png".formatted(size)).toExternalForm()));
        }
        stage.titleProperty()
                .bind(Bindings.createStringBinding(
                        this::title,
                        models.session().modelProperty(),
                        models.session().dataProperty()));
        stage.setOnCloseRequest(event -> {
            event.consume();
            closing.request();
        });
        appearance.themeProperty().addListener((observable, was, is) -> settings.setTheme(is));
    }

    /** Shows the window where it was left. */
    public void show() {
        place.restore();
        stage.show();
        place.restoreDividers();
        models.runs().offerUnfinished();
    }

    /** Opens a model folder, a table or a selection. */
    public void open(Path path) {
        actions.open(path);
    }

    /** Stops all work, waits for it some seconds, and saves the settings. */
    @Override
    public void close() {
        place.remember();
        models.work().leave(true);
        queue.stopAll();
        queue.close();
        settings.write(); // after all that is written of runs
        memory.close();
        thumbnails.close();
        ui.close();
    }

    /** The theme, to look at the window in both. */
    public void setTheme(Theme theme) {
        appearance.themeProperty().set(theme);
    }

    private BorderPane root(FileDialogs files) {
        AnalysisView analysis = new AnalysisView(
                models.analysis(),
                models.selection(),
                appearance.charts(),
                working,
                new AnalysisView.Offers(actions::openModel, actions::openSample, actions::chooseData));
        TrainingView training = new TrainingView(
                models.training(),
                models.runs(),
                models.exports(),
                appearance.charts(),
                new TrainingView.Choosers(files::openDataFile, files::openAdapterFolder));
        add(
                Pane.MODEL,
                new ModelView(
                        models.model(),
                        models.cache(),
                        models.hub(),
                        models.architecture(),
                        new ModelView.Offers(working, files::openModelFolder, actions::openSample)));
        add(Pane.DATA, new DataView(models.data(), actions::openData, thumbnails));
        add(Pane.ANALYSIS, analysis);
        add(
                Pane.STABILITY,
                new StabilityView(models.stability(), models.selection().highlightedProperty(), appearance.charts()));
        add(
                Pane.COMPARE,
                new CompareView(
                        models.compare(),
                        models.selection().highlightedProperty(),
                        appearance.charts(),
                        models.analysisFiles()::open));
        add(Pane.TRAINING, training);
        RunsView runs = new RunsView(models.runs(), appearance.charts(), actions::watch);
        add(Pane.RUNS, runs);
        tabs.setId("tabs");
        notices.getChildren().add(0, tabs);
        NavigatorView navigator = new NavigatorView(models.session(), this::show);
        SelectionView selection = new SelectionView(
                models.selection(),
                models.selectionFiles()::save,
                actions::goToTraining,
                tabOf.get(Pane.TRAINING).selectedProperty());
        tabOf.forEach((pane, tab) -> tab.selectedProperty().addListener((selected, was, is) -> {
            if (is) {
                navigator.follow(pane);
            }
        }));
        navigator.setMinWidth(160);
        selection.setMinWidth(240);
        SplitPane across = new SplitPane(navigator, notices, selection);
        across.setId("across");
        SplitPane.setResizableWithParent(navigator, false);
        SplitPane.setResizableWithParent(selection, false);
        place.add("across", across, 0.16, 0.79);
        place.add("charts", analysis.charts(), 0.59);
        place.add("training", training.split(), 0.36);
        place.add("runs", runs.split(), 0.6);
        BorderPane root = new BorderPane(across);
        root.setId("root");
        root.setTop(new VBox(new Menus(models, actions, appearance, new ForMenus()).bar(), new ClosingBar(closing)));
        root.setBottom(new VBox(new TasksView(tasks), statusBar()));
        root.setOnDragOver(event -> {
            if (event.getDragboard().hasFiles()) {
                event.acceptTransferModes(TransferMode.COPY);
            }
            event.consume();
        });
        root.setOnDragDropped(event -> {
            boolean any = event.getDragboard().hasFiles();
            if (any) {
                event.getDragboard().getFiles().forEach(file -> actions.open(file.toPath()));
            }
            event.setDropCompleted(any);
            event.consume();
        });
        return root;
    }

    private Node statusBar() {
        status.setId("status");
        status.setText(said);
        tasks.addListener((ListChangeListener<WorkTask<?>>) change -> work());
        Label device = Nodes.label("", "muted");
        device.setId("status-device");
        device.textProperty()
                .bind(models.session()
                        .modelProperty()
                        .map(model ->
                                text("status.device", model.card().device().toUpperCase(Locale.ROOT)))
                        .orElse(text("status.no.device")));
        used.setId("status-memory");
        status.getRightItems().setAll(device, used);
        return status;
    }

    /** What runs stands in the status bar while it runs; afterwards, what came of it. */
    private void work() {
        boolean busy = !tasks.isEmpty();
        working.set(busy ? text("working", tasks.get(0).getTitle()) : "");
        if (busy) {
            said = text("status.ready");
        }
        status.setText(busy ? working.get() : said);
    }

    private void say(String line) {
        said = line;
        if (tasks.isEmpty()) {
            status.setText(line);
        }
    }

    private void showMemory(long bytes) {
        used.setText(text("status.memory", Figures.bytes(bytes)));
    }

    private void add(Pane pane, Node content) {
        Tab tab = new Tab(text("pane." + pane.name().toLowerCase(Locale.ROOT)), content);
        tab.setId("tab-" + pane.name().toLowerCase(Locale.ROOT));
        tab.setClosable(false);
        tabs.getTabs().add(tab);
        tabOf.put(pane, tab);
    }

    private static URL resource(String name) {
        return Objects.requireNonNull(MainWindow.class.getResource(RESOURCES + name), name);
    }

    private void show(Pane pane) {
        tabs.getSelectionModel().select(tabOf.get(pane));
    }

    private String title() {
        String model = Optional.ofNullable(models.session().modelProperty().get())
                .map(loaded -> loaded.card().name())
                .orElse("");
        String data = Optional.ofNullable(models.session().dataProperty().get())
                .map(open -> open.preview().name())
                .orElse("");
        if (model.isEmpty() && data.isEmpty()) {
            return text("app.name");
        }
        String both = model.isEmpty() || data.isEmpty() ? model + data : model + " · " + data;
        return text("app.title", both);
    }

    private final class ForMenus implements Menus.WindowActions {
        @Override
        public void show(Pane pane) {
            MainWindow.this.show(pane);
        }

        @Override
        public void quit() {
            closing.request();
        }

        @Override
        public void about() {
            String version = MainWindow.class.getPackage().getImplementationVersion();
            dialogs.about(
                    version == null ? text("app.name") : text("app.name") + " " + version,
                    text(
                            "about.facts",
                            System.getProperty("java.version"),
                            System.getProperty("javafx.runtime.version")));
        }

        @Override
        public void copied(String firstLine) {
            dialogs.notify(text("copy.done"), firstLine);
        }

        @Override
        public void nothingToCopy() {
            dialogs.notify(text("copy.nothing"), text("copy.nothing.detail"));
        }

        @Override
        public void guide() {
            dialogs.about(text("guide.title"), text("guide.text"));
        }
    }
}
