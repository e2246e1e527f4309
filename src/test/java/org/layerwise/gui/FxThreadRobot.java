package org.layerwise.gui;

import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import javafx.scene.Node;
import javafx.scene.input.MouseButton;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.ApplicationTest;
import org.testfx.matcher.base.NodeMatchers;
import org.testfx.robot.Motion;
import org.testfx.service.query.PointQuery;
import org.testfx.service.query.impl.CallableBoundsPointQuery;
import org.testfx.util.WaitForAsyncUtils;

/**
 * Robot of TestFX that measures nodes on the FX thread. TestFX measures on the thread of the test. If nodes change
 * meanwhile, JavaFX counts their parent's children to measure wrong, and from then on throws an
 * {@code IndexOutOfBoundsException} in each pulse, which fails all later tests.
 */
abstract class FxThreadRobot extends ApplicationTest {

    /** Longer than any step takes, also on a busy machine. */
    static final int PATIENCE_SECONDS = 60;

    /** Returns what work on the FX thread gives. */
    protected static <T> T onFx(Callable<T> work) {
        return WaitForAsyncUtils.waitForAsyncFx(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS), work);
    }

    /** Works on the FX thread. */
    protected static void onFx(Runnable work) {
        WaitForAsyncUtils.waitForAsyncFx(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS), work);
    }

    @Override
    public FxRobot clickOn(String query, Motion motion, MouseButton... buttons) {
        return clickOn(visibleNode(query), motion, buttons);
    }

    @Override
    public FxRobot doubleClickOn(String query, Motion motion, MouseButton... buttons) {
        return doubleClickOn(visibleNode(query), motion, buttons);
    }

    @Override
    public FxRobot moveTo(String query, Motion motion) {
        return moveTo(point(visibleNode(query)), motion);
    }

    @Override
    public PointQuery point(Node node) {
        targetWindow(node.getScene().getWindow());
        return new CallableBoundsPointQuery(
                        () -> onFx(() -> robotContext().getBoundsLocator().boundsOnScreenFor(node)), node)
                .atPosition(robotContext().getPointPosition());
    }

    private Node visibleNode(String query) {
        return onFx(() -> lookup(query).match(NodeMatchers.isVisible()).tryQuery())
                .orElseThrow(() -> new AssertionError("no visible node is found by " + query));
    }
}
