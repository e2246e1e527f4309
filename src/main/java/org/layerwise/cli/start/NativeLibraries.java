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
        try {
            Environment environment = Native.load("c", Environment.class);
            environment.setenv("OMP_WAIT_POLICY", "passive", 0);
            environment.setenv("GOMP_SPINCOUNT", "10000", 0);
        } catch (LinkageError e) {
            LoggerFactory.getLogger(NativeLibraries.class).warn("OMP_WAIT_POLICY and GOMP_SPINCOUNT stay unset", e);
        }
    }
}
