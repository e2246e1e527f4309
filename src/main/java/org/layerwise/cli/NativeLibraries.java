package org.layerwise.cli;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Platform;
import java.nio.file.Path;
import java.util.Map;
import org.slf4j.LoggerFactory;

/**
 * Prepares the process for the native libraries that it will load: where they are unpacked, that none of them calls
 * home, and that OpenMP's idle threads sleep. To be called before any of them is touched.
 */
final class NativeLibraries {

    /** The C library's way to change the environment, which Java lacks. */
    interface Environment extends Library {
        int setenv(String name, String value, int overwrite);
    }

    private NativeLibraries() {}

    static void prepare(Path cache) {
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
     * On busy cores the spinning of libgomp's idle threads costs many times the work itself, and putting them to sleep at once
     * costs a fifth of a training step on idle ones; so they spin for about 0.1 ms, and not at all where more threads compute
     * than there are cores. libgomp reads the variables when it is loaded.
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
