package drive;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.instrument.Instrumentation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyCode;
import javafx.stage.Window;

/**
 * Does the sample job in the window of the program that it is loaded into as an agent: the sample, analyzed; each pane;
 * a training of the selected layers; the end. The program is started as always, so what runs is what people run.
 *
 * <p>{@code -javaagent:drive.jar=job,REPORT}, or the program started by {@link #main}, writes what was done and the longest stalls of the FX thread to the file REPORT; its last
 * line is "done" if all went well. An exception that nobody catches, on whatever thread, is a failure. With {@code controls}
 * instead of {@code job} it only uses the controls that need JavaFX's inner packages, beside the window.
 */
public final class SampleJob {

    private static final List<String> PANES =
            List.of("model", "data", "analysis", "stability", "compare", "training", "runs");
    private static final int WINDOW_SECONDS = 60;
    private static final int WORK_SECONDS = 600;
    private static final int QUIT_SECONDS = 60;

    private final Hand hand = new Hand();
    private final Stalls stalls = new Stalls();
    private final ConcurrentLinkedQueue<String> thrown = new ConcurrentLinkedQueue<>();
    private final StringBuilder report = new StringBuilder();

    private final boolean controlsOnly;

    private SampleJob(boolean controlsOnly) {
        this.controlsOnly = controlsOnly;
    }

    /**
     * Starts the job and then the program, without an agent: with one, Java reads each class of an archive from its jar again,
     * which makes stalls longer.
     *
     * @param args arguments as those of the agent, and the main class of the program
     */
    public static void main(String[] args) throws Exception {
        begin(args[0]);
        Class.forName(args[1]).getMethod("main", String[].class).invoke(null, (Object) new String[0]);
    }

    /** Called by Java before the program. */
    public static void premain(String arguments, Instrumentation any) {
        begin(arguments);
    }

    private static void begin(String arguments) {
        int comma = arguments.indexOf(',');
        SampleJob job = new SampleJob(arguments.substring(0, comma).equals("controls"));
        Path report = Path.of(arguments.substring(comma + 1));
        Thread.setDefaultUncaughtExceptionHandler((thread, e) -> job.thrown.add(thread.getName() + ": " + stack(e)));
        Thread thread = new Thread(() -> job.run(report), "sample-job");
        thread.setDaemon(true);
        thread.start();
    }

    private void run(Path file) {
        boolean good = false;
        try {
            work();
            good = thrown.isEmpty();
        } catch (Throwable e) {
            thrown.add(stack(e));
        }
        try {
            stalls.stop();
            thrown.forEach(report::append);
            report.append(stalls.report()).append(good ? "done\n" : "failed\n");
            Files.writeString(file, report);
            quit();
        } catch (Throwable e) {
            e.printStackTrace();
        }
        Runtime.getRuntime().halt(3); // it did not end by itself
    }

    /** The study that was made is thrown away, which the program asks about. */
    private void quit() throws Exception {
        hand.press(KeyCode.CONTROL, KeyCode.Q);
        for (int i = 0; i < QUIT_SECONDS; i++) {
            hand.rest(1000);
            hand.fx(() -> {
                for (Node button : hand.all(".dialog-pane .button")) {
                    if (button instanceof Button discard && discard.getText().equals("Do not save")) {
                        discard.fire();
                    }
                }
                return true;
            });
        }
    }

    private void work() throws Exception {
        awaitToolkit();
        stalls.start();
        phase("first window");
        hand.await("the window shows", WINDOW_SECONDS, () -> hand.find("#welcome-sample") != null);
        hand.rest(1000);
        if (controlsOnly) {
            phase("controls that need JavaFX's inner packages");
            new InnerControls(hand).use();
            return;
        }
        phase("sample opened and analyzed");
        hand.click("#welcome-sample");
        hand.await("the sample is analyzed", WORK_SECONDS, () -> hand.words("#selection-count").startsWith("6 of 12"));
        hand.rest(1000);
        for (String pane : PANES) {
            phase("pane " + pane);
            hand.click("#tab-" + pane);
            hand.rest(1500);
        }
        phase("pointer over the heatmap");
        hand.click("#tab-analysis");
        for (String at : List.of("#heatmap", "#ranking", "#heatmap")) {
            hand.move(at);
            hand.rest(300);
        }
        phase("selection");
        hand.fx(() -> {
            hand.find("#ranking").requestFocus();
            return true;
        });
        hand.press(KeyCode.DOWN);
        hand.press(KeyCode.SPACE);
        hand.await("a layer is taken out", 30, () -> hand.words("#selection-count").startsWith("5 of 12"));
        phase("training form");
        hand.click("#go-train");
        hand.await("the form shows", 30, () -> hand.find("#field-epochs") != null);
        hand.fx(() -> {
            ((TextField) hand.find("#field-epochs")).setText("1");
            return true;
        });
        hand.rest(1500);
        phase("training");
        hand.click("#train");
        hand.await("the training is done", WORK_SECONDS, () -> {
            String state = hand.words("#run-state");
            if (state.startsWith("failed") || state.startsWith("cancelled")) {
                throw new IllegalStateException("the run " + state);
            }
            return state.startsWith("finished");
        });
        say(hand.words("#run-state"));
        hand.rest(1000);
        phase("runs after training");
        hand.click("#tab-runs");
        hand.rest(1500);
    }

    private void phase(String name) {
        say(name);
        stalls.phase(name);
    }

    private void say(String line) {
        report.append(line).append('\n');
    }

    /** Until the toolkit is there, nothing can be run on its thread. */
    private void awaitToolkit() throws InterruptedException {
        for (int i = 0; i < WINDOW_SECONDS * 10; i++) {
            try {
                if (hand.fx(() -> !Window.getWindows().isEmpty())) {
                    return;
                }
            } catch (Exception e) {
                // not yet
            }
            Thread.sleep(100);
        }
    }

    private static String stack(Throwable e) {
        StringWriter out = new StringWriter();
        e.printStackTrace(new PrintWriter(out));
        return out.toString();
    }
}
