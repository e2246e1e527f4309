package org.layerwise.cli.start;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Platform;
import java.nio.file.Path;
import java.util.Map;
import org.slf4j.LoggerFactory;

/**
 * Prepares the process for native libraries: sets the folders into which they are unpacked, prevents network access by
 * DJL, and lets idle OpenMP threads sleep. Call it before any library is loaded.
 */
public final class NativeLibraries {

    private static final String HUGE_PAGES = "THP_MEM_ALLOC_ENABLE";

    /** Functions of the C library for changing the environment, which Java cannot do. */
    interface Environment extends Library {
        int setenv(String name, String value, int overwrite);
    }

    private NativeLibraries() {}

    public static void prepare(Path cache) {
        properties(cache).forEach((key, value) -> {
            if (System.getProperty(key) == null) {
                System.setProperty(key, value);
            }
        });
        if (System.getenv("OMP_WAIT_POLICY") == null && !Platform.isWindows()) {
            restIdleThreads();
        }
        if (System.getenv(HUGE_PAGES) == null && Platform.isLinux()) {
            useHugePages();
        }
    }

    static Map<String, String> properties(Path cache) {
        return Map.of(
                "ai.djl.offline", "true",
                "DJL_CACHE_DIR", cache.resolve("djl").toString(),
                "ENGINE_CACHE_DIR", cache.resolve("djl").toString(),
                "org.bytedeco.javacpp.cachedir", cache.resolve("javacpp").toString(),
                "javafx.cachedir", cache.resolve("javafx").toString(),
                "jna.tmpdir", cache.resolve("jna").toString());
    }

    /**
     * Limits the spinning of libgomp's idle threads. On busy cores it costs many times the work itself. Putting the
     * threads to sleep at once costs a fifth of a training step on idle cores. Therefore they spin for about 0.1 ms,
     * and not at all if there are more computing threads than cores. libgomp reads the variables when it is loaded.
     */
    private static void restIdleThreads() {
        set(Map.of("OMP_WAIT_POLICY", "passive", "GOMP_SPINCOUNT", "10000"));
    }

    /**
     * Lets libtorch ask the system for pages of 2 MB for tensors of 2 MB and more. The system clears each page when it is first
     * written: with pages of 4 KB that takes several times as long as the writing itself. libtorch reads the variable when it
     * first allocates memory.
     */
    private static void useHugePages() {
        set(Map.of(HUGE_PAGES, "1"));
    }

    /** Sets variables of this process that are not set yet. */
    private static void set(Map<String, String> variables) {
        try {
            Environment environment = Native.load("c", Environment.class);
            variables.forEach((name, value) -> environment.setenv(name, value, 0));
        } catch (LinkageError e) {
            LoggerFactory.getLogger(NativeLibraries.class).warn("{} stay unset", variables.keySet(), e);
        }
    }
}
