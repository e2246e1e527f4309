package org.layerwise.tensor;

import com.sun.jna.NativeLibrary;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.UserException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * libtorch with CUDA, to be used instead of the one for the processor that comes with the program.
 *
 * @param folder what DJL is to load: every library in it is, so it holds the few that are needed and no others
 * @param whole the library that needs all others
 * @param beside folders with the libraries of CUDA, for where libtorch does not find them by itself
 * @param runtime the folder of a {@code libcudart.so}, by which devices are counted; null if there is none
 */
public record TorchLibraries(Path folder, Path whole, List<Path> beside, @Nullable Path runtime) {

    /** The one version that DJL's bridge to Java was made for. */
    public static final String VERSION = "2.7.1";

    /** The bridge for CUDA; it was made with 12.8 and also runs on the libtorch for 12.6. */
    static final String FLAVOUR = "cu128";

    static final String PATH_KEY = "PYTORCH_LIBRARY_PATH";
    static final String FLAVOUR_KEY = "PYTORCH_FLAVOR";

    private static final Logger LOG = LoggerFactory.getLogger(TorchLibraries.class);

    /** Those that libtorch needs, each after those that it needs itself. */
    private static final List<String> IN_ORDER = List.of(
            "libcudart",
            "libnvJitLink",
            "libnvrtc",
            "libcublasLt",
            "libcublas",
            "libcusparse",
            "libcusparseLt",
            "libcufft",
            "libcurand",
            "libcusolver",
            "libcudnn",
            "libnccl",
            "libcupti",
            "libcufile",
            "libnvToolsExt");

    public TorchLibraries {
        beside = List.copyOf(beside);
    }

    /**
     * Loads them into this process, all or none: when this fails, the engine can still start on the bundled ones. To be called
     * before the engine starts.
     *
     * @throws UserException if they cannot be loaded
     */
    public void load() {
        // the linker takes back all that it has loaded on behalf of a library that cannot be loaded in the end
        try {
            System.load(whole.toString());
        } catch (UnsatisfiedLinkError first) {
            LOG.info("{} needs help to find what it needs: {}", whole, first.getMessage());
            IN_ORDER.forEach(this::preload);
            try {
                System.load(whole.toString());
            } catch (UnsatisfiedLinkError e) {
                throw new UserException(
                        "The libraries in %s cannot be loaded: %s; install them anew, or go back to the CPU."
                                .formatted(whole.getParent(), reason(e)),
                        e);
            }
        }
        if (runtime != null) {
            // DJL counts devices by libcudart, which it would look for among the system's libraries only
            NativeLibrary.addSearchPath("cudart", runtime.toString());
        }
        System.setProperty(PATH_KEY, folder.toString());
        System.setProperty("PYTORCH_VERSION", VERSION);
        System.setProperty(FLAVOUR_KEY, FLAVOUR);
    }

    /** A library that is loaded already is found by all that need it, wherever they would have looked. */
    private void preload(String name) {
        for (Path library :
                beside.stream().flatMap(place -> libraries(place, name)).toList()) {
            try {
                System.load(library.toString());
            } catch (UnsatisfiedLinkError e) {
                LOG.debug("{} is not loaded: {}", library, e.getMessage());
            }
        }
    }

    private static Stream<Path> libraries(Path folder, String name) {
        if (!Files.isDirectory(folder)) {
            return Stream.empty();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().startsWith(name + ".so")).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Of what the linker says the part that matters: "/x/libtorch_cuda.so: libcudnn.so.9: cannot open ...". */
    static String reason(UnsatisfiedLinkError e) {
        String said = String.valueOf(e.getMessage()).replaceAll("\\.$", "");
        String[] parts = said.split(": ");
        return parts.length > 2 ? parts[parts.length - 3] + ": " + parts[parts.length - 2] : said;
    }
}
