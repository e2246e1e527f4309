package org.layerwise.gui;

import static org.assertj.core.api.Assertions.fail;

import java.awt.geom.Rectangle2D;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import javafx.geometry.Point2D;
import javafx.scene.Node;
import javafx.scene.control.Labeled;
import javafx.stage.Stage;
import javafx.stage.Window;
import org.jfree.chart.entity.ChartEntity;
import org.jfree.chart.fx.ChartViewer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.chart.heatmap.HeatmapChart;
import org.layerwise.gui.app.DefaultFolders;
import org.layerwise.gui.app.MainWindow;
import org.layerwise.gui.app.WindowSettings;
import org.layerwise.gui.app.Windows;
import org.layerwise.gui.tasks.WorkLanes;
import org.layerwise.study.Workbench;
import org.layerwise.study.cluster.ClusterAccess;
import org.testfx.util.WaitForAsyncUtils;

/** Opens the real window around a workbench and helps to drive it. */
@Tag("window")
abstract class WindowTest extends FxThreadRobot {

    /** Between two looks, each of which searches the window on the FX thread. */
    private static final int LOOK_EVERY_MILLIS = 50;

    @TempDir
    static Path folder;

    /** Of each test: a window that a test leaves open would be offered to the next. */
    @TempDir
    Path recovery;

    protected final ChosenFiles files = new ChosenFiles();
    protected Windows windows;
    protected MainWindow window;
    protected Stage stage;

    /** Folder of the user: settings, models and data. */
    @TempDir
    Path home;

    /** The pace of all work of the window. */
    protected final Pace pace = new Pace();

    private TinyLab lab;

    /** The user's models and data. */
    protected TinyLab lab() {
        if (lab == null) {
            lab = newLab();
        }
        return lab;
    }

    /** Makes the user's folders. */
    protected TinyLab newLab() {
        return new TinyLab(home);
    }

    /** The workbench that the window works with. */
    protected Workbench workbench() {
        return lab().workbench();
    }

    /** Where runs of studies without a file are kept: of each test, or a run that was cut off is offered to the next. */
    protected Path runs() {
        return home.resolve("runs");
    }

    /**
     * Opens the window in a stage of its own: the given one is the same in all tests, and would keep their windows, tens
     * of megabytes each, as its listeners.
     */
    @Override
    public void start(Stage ofAllTests) {
        stage = new Stage();
        WindowSettings settings =
                WindowSettings.read(folder.resolve("window-" + getClass().getSimpleName() + ".json"));
        settings.setGuided(guided());
        Workbench workbench = workbench();
        windows = new Windows(
                workbench,
                questions -> new ClusterAccess(workbench, questions, TinyLab.LOOK_EVERY),
                new WorkLanes(pace),
                new DefaultFolders(runs(), recovery),
                settings,
                stage -> files,
                address -> {},
                prepares());
        stage.setX(0);
        stage.setY(0);
        window = windows.first(stage);
        stage.toFront();
    }

    /** Returns true if the window prepares its panes. Most tests show few panes and save the time. */
    protected boolean prepares() {
        return false;
    }

    @Override
    public void stop() {
        windows.close();
        stage.hide();
    }

    /** Closes all windows but the one that is driven: notices lie over buttons. */
    @AfterEach
    void closeNotices() {
        onFx(this::hideOtherWindows);
    }

    private void hideOtherWindows() {
        List.copyOf(Window.getWindows()).stream().filter(open -> open != stage).forEach(Window::hide);
    }

    /** Hides notices, which would stay for seconds, until none is left. */
    protected void hideNotices() {
        await("notices are gone", () -> {
            hideOtherWindows();
            return !visible(".notice-box");
        });
    }

    /** Whether people have seen the first steps. */
    protected boolean guided() {
        return true;
    }

    /** How long to wait for anything. */
    protected int patienceSeconds() {
        return PATIENCE_SECONDS;
    }

    /** Waits until a condition holds, looked at on the FX thread. */
    protected void await(String what, Callable<Boolean> condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(patienceSeconds());
        while (!onFx(condition)) {
            if (System.nanoTime() > end) {
                fail("waited in vain until " + what);
            }
            sleep(LOOK_EVERY_MILLIS);
        }
        WaitForAsyncUtils.waitForFxEvents();
    }

    /** Opens the sample with one click, and waits until it is analyzed. */
    protected void openTheSample() {
        clickOn("#tab-analysis");
        clickOn("#analysis-sample");
        await("the sample is analyzed", () -> words("#selection-count").equals("6 of 12 layers"));
    }

    /** Where a cell of the heatmap is on the screen. */
    protected Point2D cellOfHeatmap(int row, int column) {
        return centre("#heatmap", found -> HeatmapChart.pairOf(found)
                .equals(Optional.of(new HeatmapChart.Pair(row, column))));
    }

    /** Where the middle of something that a chart draws is on the screen. */
    protected Point2D centre(String query, Predicate<ChartEntity> wanted) {
        Rectangle2D box = entity(query, wanted).orElseThrow().getArea().getBounds2D();
        return onFx(() -> viewer(query).getCanvas().localToScreen(box.getCenterX(), box.getCenterY()));
    }

    /** Something that a chart has drawn; empty as long as it is not there. */
    protected Optional<ChartEntity> entity(String query, Predicate<ChartEntity> wanted) {
        ChartViewer viewer = viewer(query);
        if (viewer.getRenderingInfo() == null || viewer.getRenderingInfo().getEntityCollection() == null) {
            return Optional.empty();
        }
        for (Object found : viewer.getRenderingInfo().getEntityCollection().getEntities()) {
            if (found instanceof ChartEntity entity && wanted.test(entity)) {
                return Optional.of(entity);
            }
        }
        return Optional.empty();
    }

    /** The chart in a node. */
    protected ChartViewer viewer(String query) {
        return from(lookup(query).queryAll())
                .lookup((Node node) -> node instanceof ChartViewer)
                .query();
    }

    /** What a label or button says. */
    protected String words(String query) {
        return lookup(query).tryQuery().map(node -> ((Labeled) node).getText()).orElse("");
    }

    /** Whether a node is there and can be seen. */
    protected boolean visible(String query) {
        return lookup(query).queryAll().stream().anyMatch(WindowTest::seen);
    }

    /** Whether a node can be seen, as far as its ancestors say. */
    protected static boolean seen(Node node) {
        for (Node at = node; at != null; at = at.getParent()) {
            if (!at.isVisible()) {
                return false;
            }
        }
        return node.getScene() != null
                && node.getScene().getWindow() != null
                && node.getScene().getWindow().isShowing();
    }
}
