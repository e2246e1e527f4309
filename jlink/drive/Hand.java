package drive;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javafx.application.Platform;
import javafx.geometry.Bounds;
import javafx.scene.Node;
import javafx.scene.control.Labeled;
import javafx.scene.input.KeyCode;
import javafx.scene.input.MouseButton;
import javafx.scene.robot.Robot;
import javafx.stage.Window;

/** Uses the windows of this process as a person does: looks, waits, moves the pointer, presses keys. Only public classes of JavaFX. */
final class Hand {

    private static final long STEP_MILLIS = 100;
    private static final long ANSWER_SECONDS = 60;

    /** Waits until something holds, looked at on the FX thread. */
    void await(String what, int seconds, Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (!fx(condition)) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("waited " + seconds + " s in vain until " + what + "; the window says: " + words());
            }
            Thread.sleep(STEP_MILLIS);
        }
    }

    /** Clicks on what can be seen and used. */
    void click(String query) throws Exception {
        await(query + " can be clicked", 30, () -> {
            Node node = find(query);
            return node != null && !node.isDisabled();
        });
        move(query);
        fx(() -> {
            new Robot().mouseClick(MouseButton.PRIMARY);
            return true;
        });
        rest(200);
    }

    void move(String query) throws Exception {
        fx(() -> {
            Node node = find(query);
            Bounds box = node.localToScreen(node.getBoundsInLocal());
            new Robot().mouseMove(box.getCenterX(), box.getCenterY());
            return true;
        });
        rest(50);
    }

    /** Presses keys together, such as Control and T. */
    void press(KeyCode... keys) throws Exception {
        fx(() -> {
            Robot robot = new Robot();
            for (KeyCode key : keys) {
                robot.keyPress(key);
            }
            for (int i = keys.length - 1; i >= 0; i--) {
                robot.keyRelease(keys[i]);
            }
            return true;
        });
        rest(100);
    }

    /** What a label or button says; empty if it is not there. */
    String words(String query) {
        return find(query) instanceof Labeled labeled && labeled.getText() != null ? labeled.getText() : "";
    }

    /** Does something on the FX thread and waits for it. */
    <T> T fx(Callable<T> work) throws Exception {
        CompletableFuture<T> answer = new CompletableFuture<>();
        Platform.runLater(() -> {
            try {
                answer.complete(work.call());
            } catch (Throwable e) {
                answer.completeExceptionally(e);
            }
        });
        return answer.get(ANSWER_SECONDS, TimeUnit.SECONDS);
    }

    void rest(long millis) throws InterruptedException {
        Thread.sleep(millis);
    }

    /** The first that can be seen; null if there is none. */
    Node find(String query) {
        List<Node> found = all(query);
        return found.isEmpty() ? null : found.get(0);
    }

    /** All that can be seen. */
    List<Node> all(String query) {
        List<Node> found = new ArrayList<>();
        for (Window window : List.copyOf(Window.getWindows())) {
            if (window.getScene() == null || !window.isShowing()) {
                continue;
            }
            for (Node node : window.getScene().getRoot().lookupAll(query)) {
                if (seen(node)) {
                    found.add(node);
                }
            }
        }
        return found;
    }

    private static boolean seen(Node node) {
        for (Node at = node; at != null; at = at.getParent()) {
            if (!at.isVisible()) {
                return false;
            }
        }
        return true;
    }

    /** All that labels say, to know what went wrong. */
    private String words() throws Exception {
        return fx(() -> {
            List<String> all = new ArrayList<>();
            for (Window window : List.copyOf(Window.getWindows())) {
                if (window.getScene() != null) {
                    for (Node node : window.getScene().getRoot().lookupAll(".label")) {
                        if (seen(node) && node instanceof Labeled label && label.getText() != null && !label.getText().isBlank()) {
                            all.add(label.getText());
                        }
                    }
                }
            }
            return String.join(" | ", all);
        });
    }
}
