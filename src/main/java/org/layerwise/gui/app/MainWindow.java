package org.layerwise.gui.app;

import static org.layerwise.gui.common.Messages.text;

import java.net.URL;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javafx.beans.binding.Bindings;
import javafx.beans.property.BooleanProperty;
import javafx.beans.property.IntegerProperty;
import javafx.beans.property.Property;
import javafx.beans.property.SimpleIntegerProperty;
import javafx.collections.ListChangeListener;
import javafx.collections.ObservableList;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.Scene;
import javafx.scene.control.Button;
import javafx.scene.control.MenuBar;
import javafx.scene.control.SplitPane;
import javafx.scene.image.Image;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import javafx.stage.Stage;
import org.kordamp.ikonli.material2.Material2OutlinedMZ;
import org.layerwise.chart.style.ChartStyle;
import org.layerwise.gui.chart.ChartWarmUp;
import org.layerwise.gui.common.FileDialogs;
import org.layerwise.gui.common.FxDialogs;
import org.layerwise.gui.common.Icons;
import org.layerwise.gui.common.Nodes;
import org.layerwise.gui.common.Notices;
import org.layerwise.gui.common.Tooltips;
import org.layerwise.gui.data.Thumbnails;
import org.layerwise.gui.help.GuideBar;
import org.layerwise.gui.help.GuideViewModel;
import org.layerwise.gui.help.HelpViewModel;
import org.layerwise.gui.preferences.ComputeViewModel;
import org.layerwise.gui.run.RunAction;
import org.layerwise.gui.selection.SelectionView;
import org.layerwise.gui.study.NavigatorView;
import org.layerwise.gui.study.Pane;
import org.layerwise.gui.study.RecoveryBar;
import org.layerwise.gui.study.StudyViewModel;
import org.layerwise.gui.tasks.ActivityLog;
import org.layerwise.gui.tasks.FxWorkQueue;
import org.layerwise.gui.tasks.LogView;
import org.layerwise.gui.tasks.PlatformFxExecutor;
import org.layerwise.gui.tasks.TasksView;
import org.layerwise.gui.tasks.WorkLanes;
import org.layerwise.gui.tasks.WorkTask;
import org.layerwise.install.torch.TorchEngine;
import org.layerwise.study.model.OpenModel;

/** Main window with navigator, panes, selection, task list and status line. Its state is saved in the settings. */
public final class MainWindow implements AutoCloseable {

    private static final String RESOURCES = "/org/layerwise/gui/";
    // wide enough for the three buttons of the selection side by side
    private static final double SIDE = 280;

    /** Steps in which the rows of the layers are made ready: about two rows a step. */
    private static final int ROW_STEPS = 12;

    private static final int[] ICON_SIZES = {16, 32, 48, 64, 128, 256};

    private final Stage stage;
    private final WindowSettings settings;
    private final PlatformFxExecutor ui = new PlatformFxExecutor();
    private final Thumbnails thumbnails = new Thumbnails(ui);
    private final WorkLanes lanes;
    private final FxWorkQueue queue;
    private final ObservableList<WorkTask<?>> tasks;
    private final StatusLine status;
    private final ActivityLog log = new ActivityLog(Clock.systemUTC());
    private final LogDrawer drawer;
    private final Notices notices = new Notices();
    private final FxDialogs dialogs;
    private final Appearance appearance;
    private final ViewModels models;
    private final Actions actions;
    private final WindowClosing closing;
    private final Windows windows;
    private final PaneTabs tabs = new PaneTabs();
    private final WindowBounds place;
    private final MemoryMeter memory;
    private final PaletteView palette;
    private final IntegerProperty scale;
    private final GuideViewModel guide;
    private final SideWindows beside;
    private final EngineStatus corner;
    private final SelectionView selection;
    private final IdleSteps later;
    private final HiddenNodes hidden;

    /** Builds the window without showing it. */
    MainWindow(Stage stage, WindowServices world, FileDialogs files) {
        Fonts.load();
        this.stage = stage;
        settings = world.settings();
        windows = world.windows();
        lanes = world.lanes();
        queue = new FxWorkQueue(ui, lanes, log);
        tasks = queue.tasks();
        hidden = new HiddenNodes(tabs.node());
        later = new IdleSteps(tasks::isEmpty, hidden::clear);
        tasks.addListener((ListChangeListener<WorkTask<?>>) change -> later.start());
        if (world.prepares()) {
            tabs.setArrival(this::prepareFirst, (view, put) -> later.hurry(hidden.placing(view, put)));
        } else {
            later.close();
        }
        status = new StatusLine(tasks);
        dialogs = new FxDialogs(
                stage,
                notices,
                line -> {
                    status.say(line);
                    log.add(ActivityLog.Kind.NOTE, line);
                },
                line -> log.add(ActivityLog.Kind.FAILED, line));
        appearance = world.appearance();
        models = ViewModels.of(
                new ViewModels.World(
                        world.workbench(),
                        world.access(),
                        queue,
                        ui,
                        files,
                        dialogs,
                        settings,
                        settings,
                        settings,
                        settings,
                        world.windows(),
                        world.places(),
                        Clock.systemDefaultZone(),
                        world.web()),
                appearance::dark);
        actions = new Actions(models, files, tabs::show);
        guide = new GuideViewModel(
                models.session(), Bindings.isNotNull(models.study().fileProperty()), settings);
        closing = new WindowClosing(stage, tasks, models.work(), dialogs, queue::stopAll, models.study()::leave);
        place = new WindowBounds(stage, settings);
        memory = new MemoryMeter(ui, status::showMemory);
        scale = new SimpleIntegerProperty(settings.scale());
        scale.addListener((observable, was, is) -> {
            settings.setScale(is.intValue());
            dialogs.notify(text("scale.changed"), text("scale.changed.sentence"));
        });
        models.study().setPaneAccess(tabs::inFront, name -> Pane.of(name).ifPresent(tabs::show));
        drawer = new LogDrawer(() -> new LogView(log, ZoneId.systemDefault()), settings);
        TorchEngine torch = world.workbench().torch();
        corner = new EngineStatus(
                stage,
                new ComputeViewModel(torch::facts, torch.setup(), queue, ui, dialogs),
                models.session().modelProperty(),
                files,
                windows::restart,
                status::say);
        status.addFirst(corner.button());
        List<RunAction> runActions = new RunActions(actions, queue, dialogs, world.web()).all();
        MenuBar menus = new Menus(models, actions, runActions, appearance, new ForMenus()).bar();
        palette = new PaletteView(() -> MenuCommands.of(menus));
        beside = new SideWindows(
                stage, models, new HelpViewModel(queue, dialogs, () -> MenuCommands.of(menus), world.web()), files);
        corner.onHelp(() -> beside.page(HelpTopics.ENGINE));
        new PaneFactory(
                        models,
                        actions,
                        runActions,
                        files,
                        beside,
                        thumbnails,
                        appearance.charts(),
                        status.workingProperty(),
                        place,
                        this::prepare)
                .addTo(tabs);
        selection = new SelectionView(
                models.selection(),
                models.selectionFiles()::save,
                beside::exportSelection,
                actions::goToTraining,
                tabs.inFront(Pane.TRAINING));
        Scene scene = new Scene(new StackPane(hidden.node(), root(menus), palette));
        scene.getStylesheets().add(resource("layerwise.css").toExternalForm());
        FieldUndo.install(scene, models.session().history());
        stage.setScene(scene);
        stage.titleProperty().bind(WindowTitle.of(models));
        stage.setOnCloseRequest(event -> {
            event.consume();
            windows.cancelRestart();
            requestClose();
        });
    }

    /**
     * Shows the window at its saved position.
     *
     * @param first true for the first window of the program, which also offers to recover unfinished runs, analyses and
     *     studies
     */
    void show(boolean first) {
        place.restore(first);
        stage.show();
        place.restoreDividers();
        place.restoreSize();
        drawer.restore();
        prepare();
        models.clusters().refresh();
        if (first) {
            models.runs().offerUnfinished();
            models.analysis().resumePending();
            models.recovery().look();
        }
    }

    /** Makes ready what appears after the first picture, the panes in the order in which a new study needs them. */
    private void prepare() {
        List<Runnable> first = new ArrayList<>();
        ChartStyle style = appearance.charts().getValue();
        first.add(() -> lanes.runInBackground(() -> ChartWarmUp.draw(style)));
        first.add(this::loadIcons);
        first.add(() -> selection.unattached().ifPresent(controls -> later.insert(hidden.steps(controls))));
        first.add(selection::attach);
        IntStream.rangeClosed(1, ROW_STEPS)
                .forEach(step -> first.add(() -> selection.prepareRows((double) step / ROW_STEPS)));
        first.add(selection::finishRows);
        Stream.concat(Stream.of(Pane.ANALYSIS, Pane.DATA, Pane.TRAINING), Stream.of(Pane.values()))
                .distinct()
                .forEach(pane -> {
                    first.addAll(tabs.parts(pane));
                    first.add(() -> later.insert(preparation(pane)));
                });
        later.insert(first);
        later.start();
    }

    /** Builds a pane and returns the steps that make it ready; none for a pane that was shown before. */
    private List<Runnable> preparation(Pane pane) {
        return tabs.prepare(pane)
                .map(view -> {
                    List<Runnable> steps = new ArrayList<>(hidden.steps(view));
                    steps.add(() -> tabs.setReady(pane));
                    return steps;
                })
                .orElse(List.of());
    }

    /** Makes a pane ready that came to the front of the window, while other work runs, too. */
    private void prepareFirst(Pane pane, Runnable ready) {
        later.hurry(tabs.parts(pane));
        later.hurry(List.of(() -> {
            later.hurry(preparation(pane));
            later.hurry(List.of(ready));
        }));
    }

    /** Makes ready what is needed next, before the panes that wait. */
    private void prepare(Supplier<Optional<Node>> made, Consumer<Node> then) {
        later.insert(List.of(() -> made.get().ifPresent(node -> {
            later.insert(List.of(() -> then.accept(node)));
            later.insert(hidden.steps(node));
        })));
        later.start();
    }

    private void loadIcons() {
        for (int size : ICON_SIZES) {
            stage.getIcons()
                    .add(new Image(
                            resource("icons/layerwise-%s.png".formatted(size)).toExternalForm(), true));
        }
    }

    /** Opens a file or folder of any type, such as a study, a model folder, a table or a selection. */
    public void open(Path path) {
        actions.open(path);
    }

    /** Closes the window, now or when its work has ended, unless the user cancels. */
    void requestClose() {
        closing.request();
    }

    /** Returns the study of this window. */
    StudyViewModel study() {
        return models.study();
    }

    Stage stage() {
        return stage;
    }

    /** Asks all work to stop. Must be called on the FX thread, before {@link #close}. */
    void stop() {
        later.close();
        place.remember();
        drawer.remember();
        models.work().leave(true);
        queue.stopAll();
    }

    /**
     * Waits some seconds for the work to end and frees the model. Must not be called on the FX thread while another
     * window is open.
     */
    @Override
    public void close() {
        queue.close();
        models.study().close();
        memory.close();
        thumbnails.close();
        ui.close();
        Optional.ofNullable(models.session().modelProperty().get()).ifPresent(OpenModel::close);
    }

    private BorderPane root(MenuBar menus) {
        notices.getChildren().add(0, tabs.node());
        NavigatorView navigator = new NavigatorView(models.session(), tabs::show, beside::compare);
        tabs.onFront(navigator::follow);
        navigator.setMinWidth(160);
        selection.setMinWidth(SIDE);
        SplitPane across = new SplitPane(navigator, notices, selection);
        across.setId("across");
        SplitPane.setResizableWithParent(navigator, false);
        SplitPane.setResizableWithParent(selection, false);
        place.add("across", across, 0.16, 0.775);
        BorderPane root = new BorderPane(drawer.over(across));
        root.setId("root");
        root.setTop(new VBox(bar(menus), new RecoveryBar(models.recovery()), guideBar(), new ClosingBar(closing)));
        root.setBottom(new VBox(new TasksView(tasks, drawer.shownProperty()), status.node()));
        DroppedFiles.take(root, actions::open);
        return root;
    }

    /** Creates the top bar with the menus and the button of the command palette. */
    private Node bar(MenuBar menus) {
        Button search = Nodes.button("search-actions", text("palette.button"), palette::toggle);
        search.setGraphic(Icons.of(Material2OutlinedMZ.SEARCH));
        search.getStyleClass().addAll("small", "flat", "search-actions");
        Tooltips.set(search, text("palette.tip"));
        search.setFocusTraversable(false); // the keyboard has Ctrl+K for it
        menus.setMinWidth(Region.USE_PREF_SIZE);
        HBox.setHgrow(menus, Priority.ALWAYS);
        HBox bar = new HBox(menus, search);
        bar.getStyleClass().add("top-bar");
        bar.setAlignment(Pos.CENTER);
        return bar;
    }

    private Node guideBar() {
        return new GuideBar(
                guide,
                new GuideBar.Offers(
                        actions::openSample, actions::analyze, actions::goToTraining, models.study()::save));
    }

    private static URL resource(String name) {
        return Objects.requireNonNull(MainWindow.class.getResource(RESOURCES + name), name);
    }

    private final class ForMenus implements Menus.WindowActions {
        @Override
        public void show(Pane pane) {
            tabs.show(pane);
        }

        @Override
        public void quit() {
            windows.closeAll();
        }

        @Override
        public void close() {
            windows.cancelRestart();
            requestClose();
        }

        @Override
        public void about() {
            dialogs.about();
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
        public void firstSteps() {
            guide.begin();
        }

        @Override
        public void settings() {
            corner.show();
        }

        @Override
        public void selections() {
            beside.selections();
        }

        @Override
        public void clusters() {
            beside.clusters();
        }

        @Override
        public void exportSelection() {
            beside.exportSelection();
        }

        @Override
        public void palette() {
            palette.toggle();
        }

        @Override
        public BooleanProperty log() {
            return drawer.shownProperty();
        }

        @Override
        public Property<Number> scale() {
            return scale;
        }

        @Override
        public void guide() {
            beside.page(HelpTopics.of(tabs.inFront()));
        }

        @Override
        public void guide(String page) {
            beside.page(page);
        }

        @Override
        public void shortcuts() {
            beside.shortcuts();
        }
    }
}
