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
 * CUDA build of libtorch, used instead of the CPU build that comes with the program.
 *
 * @param folder folder that DJL loads; DJL loads every library in it, so it holds only the few that are needed
 * @param whole library that depends on all others
 * @param beside folders with the libraries of CUDA, used if libtorch does not find them by itself
 * @param runtime folder of a {@code libcudart.so}, with which DJL counts devices; null if there is none
 */
public record TorchLibraries(Path folder, Path whole, List<Path> beside, @Nullable Path runtime) {

    /** Version of libtorch for which DJL's bridge to Java was built; the bridge fits no other version. */
    public static final String VERSION = "2.7.1";

    /** Flavour of DJL's bridge for CUDA, which was built with CUDA 12.8 and also runs on the libtorch for 12.6. */
    static final String FLAVOUR = "cu128";

    static final String PATH_KEY = "PYTORCH_LIBRARY_PATH";
    static final String FLAVOUR_KEY = "PYTORCH_FLAVOR";

    private static final Logger LOG = LoggerFactory.getLogger(TorchLibraries.class);

    /** Libraries that libtorch needs, each after the libraries on which it depends. */
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
     * Loads all libraries into this process, or none: if loading fails, the engine can still start on the bundled
     * libraries. This method must be called before the engine starts.
     *
     * @throws UserException if the libraries cannot be loaded
     */
    public void load() {
        // if a library cannot be loaded in the end, the linker unloads everything that it loaded for it
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
            // DJL counts devices with libcudart, which it would otherwise seek among the system's libraries only
            NativeLibrary.addSearchPath("cudart", runtime.toString());
        }
        System.setProperty(PATH_KEY, folder.toString());
        System.setProperty("PYTORCH_VERSION", VERSION);
        System.setProperty(FLAVOUR_KEY, FLAVOUR);
    }

    /**
     * Loads the libraries of this name; a library that is loaded already is found by all that need it, on any search
     * path.
     */
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

    /** Returns the relevant part of the linker's message, "/x/libtorch_cuda.so: libcudnn.so.9: cannot open ...". */
    static String reason(UnsatisfiedLinkError e) {
        String said = String.valueOf(e.getMessage()).replaceAll("\\.$", "");
        String[] parts = said.split(": ");
        return parts.length > 2 ? parts[parts.length - 3] + ": " + parts[parts.length - 2] : said;
    }
}
