package drive;

import com.sun.management.GarbageCollectionNotificationInfo;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import javafx.application.Platform;
import javax.management.Notification;
import javax.management.NotificationEmitter;
import javax.management.openmbean.CompositeData;

/**
 * Measures for how long the FX thread does not answer: a thread asks it again and again, and looks at what it does whenever
 * the answer takes longer than people notice. Garbage collections stop that thread, too, so they are counted for themselves.
 */
final class Stalls {

    private static final long NOTICED_MILLIS = 50;
    private static final long LOOK_MILLIS = 5;
    private static final long PAUSE_MILLIS = 4;
    private static final int SHOWN = 12;
    private static final int FRAMES = 3;

    /** Methods of JavaFX that tell what a pulse is at. */
    private static final Map<String, String> STAGES = Map.of(
            "doCSSPass", "styles of nodes (JavaFX)",
            "doLayoutPass", "layout (JavaFX)",
            "syncAll", "nodes handed to the painter (JavaFX)",
            "waitForRenderingToComplete", "waits for the painter (JavaFX)",
            "_runLoop", "idle: waits for a processor");

    private record Stall(String phase, long millis, long busyMillis, Map<String, Integer> seen, int looks) {}

    private record Pause(String phase, long millis, String cause) {}

    private final List<Stall> stalls = new ArrayList<>();
    private final List<Pause> collections = new ArrayList<>();
    private final Map<String, Long> longest = new LinkedHashMap<>();
    private final Thread watcher = new Thread(this::watch, "stalls");
    private volatile String phase = "";
    private volatile boolean running = true;
    private long asked;

    void start() {
        watcher.setDaemon(true);
        watcher.setPriority(Thread.MAX_PRIORITY);
        watcher.start();
        for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
            ((NotificationEmitter) collector).addNotificationListener((done, any) -> collected(done), null, null);
        }
    }

    private void collected(Notification done) {
        if (done.getType().equals(GarbageCollectionNotificationInfo.GARBAGE_COLLECTION_NOTIFICATION)) {
            GarbageCollectionNotificationInfo info = GarbageCollectionNotificationInfo.from((CompositeData) done.getUserData());
            synchronized (stalls) {
                collections.add(new Pause(phase, info.getGcInfo().getDuration(), info.getGcCause()));
            }
        }
    }

    void phase(String name) {
        phase = name;
    }

    void stop() throws InterruptedException {
        running = false;
        watcher.join(5000);
    }

    private void watch() {
        try {
            Thread fx = fxThread();
            while (running) {
                ask(fx);
                Thread.sleep(PAUSE_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void ask(Thread fx) throws InterruptedException {
        String during = phase;
        CountDownLatch answered = new CountDownLatch(1);
        long[] end = new long[1];
        long[] busy = {busyNanos(fx), 0};
        long start = System.nanoTime();
        Platform.runLater(() -> {
            busy[1] = busyNanos(fx);
            end[0] = System.nanoTime();
            answered.countDown();
        });
        Map<String, Integer> seen = new HashMap<>();
        int looks = 0;
        while (!answered.await(LOOK_MILLIS, TimeUnit.MILLISECONDS) && running) {
            seen.merge(where(fx.getStackTrace()), 1, Integer::sum);
            looks++;
        }
        if (answered.getCount() > 0) {
            return;
        }
        asked++;
        long millis = TimeUnit.NANOSECONDS.toMillis(end[0] - start);
        synchronized (stalls) {
            longest.merge(during, millis, Math::max);
            if (millis >= NOTICED_MILLIS) {
                stalls.add(new Stall(during, millis, TimeUnit.NANOSECONDS.toMillis(busy[1] - busy[0]), seen, looks));
            }
        }
    }

    /**
     * What the thread is at: what of the program's own called the rest, and the innermost of its own frames; otherwise the
     * stage of the pulse. A thread that waits for events while its answer is due waits for a processor.
     */
    private static String where(StackTraceElement[] stack) {
        List<String> own = Arrays.stream(stack)
                .filter(frame -> frame.getClassName().startsWith("org.layerwise."))
                .map(Stalls::brief)
                .toList();
        if (!own.isEmpty()) {
            return own.get(own.size() - 1) + (own.size() > 1 ? " > " + own.get(0) : "");
        }
        for (StackTraceElement frame : stack) {
            String stage = STAGES.get(frame.getMethodName());
            if (stage != null) {
                return stage;
            }
        }
        return Arrays.stream(stack).limit(FRAMES).map(Stalls::brief).collect(Collectors.joining(" < "));
    }

    private static String brief(StackTraceElement frame) {
        String type = frame.getClassName();
        return type.substring(type.lastIndexOf('.') + 1) + "." + frame.getMethodName() + ":" + frame.getLineNumber();
    }

    private static long busyNanos(Thread fx) {
        return ManagementFactory.getThreadMXBean().getThreadCpuTime(fx.getId());
    }

    String report() {
        synchronized (stalls) {
            StringBuilder out = new StringBuilder();
            long longestOfAll = longest.values().stream().mapToLong(Long::longValue).max().orElse(0);
            out.append("\nThe FX thread was asked %d times; it took %d ms at most, %d times %d ms or more.%n"
                    .formatted(asked, longestOfAll, stalls.size(), NOTICED_MILLIS));
            longest.forEach((name, millis) -> out.append(String.format(Locale.ROOT, "%6d ms  %s%n", millis, name)));
            collections.stream()
                    .max(Comparator.comparingLong(Pause::millis))
                    .ifPresent(most -> out.append("%d garbage collections stopped all threads for %d ms at most, in \"%s\" (%s); %d times %d ms or more.%n"
                            .formatted(
                                    collections.size(),
                                    most.millis,
                                    most.phase,
                                    most.cause,
                                    collections.stream().filter(one -> one.millis >= NOTICED_MILLIS).count(),
                                    NOTICED_MILLIS)));
            out.append('\n');
            stalls.stream()
                    .sorted(Comparator.comparingLong(Stall::millis).reversed())
                    .limit(SHOWN)
                    .forEach(stall -> out.append("%d ms, %d of them on a processor, in \"%s\", looked at %d times:%n%s%n"
                            .formatted(stall.millis, stall.busyMillis, stall.phase, stall.looks, most(stall))));
            return out.toString();
        }
    }

    private static String most(Stall stall) {
        return stall.seen.entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
                .limit(8)
                .map(entry -> "  %3d x %s".formatted(entry.getValue(), entry.getKey()))
                .collect(Collectors.joining("\n"));
    }

    private static Thread fxThread() throws InterruptedException {
        while (true) {
            for (Thread thread : Thread.getAllStackTraces().keySet()) {
                if (thread.getName().equals("JavaFX Application Thread")) {
                    return thread;
                }
            }
            Thread.sleep(20);
        }
    }
}
