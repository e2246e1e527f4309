package org.layerwise.install.torch;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.layerwise.base.UserException;
import org.layerwise.base.file.AtomicFiles;
import org.layerwise.base.file.FileErrors;
import org.layerwise.base.file.Sha256;
import org.layerwise.tensor.TorchLibraries;

/**
 * Folder of links that DJL loads libtorch from. DJL loads all libraries in a folder, and Python's own library, {@code
 * libtorch_python}, must not be among them.
 */
final class LinkFolder {

    /** Names of the libraries that libtorch needs to run on a GPU. */
    static final List<String> REQUIRED =
            List.of("libc10.so", "libc10_cuda.so", "libtorch.so", "libtorch_cpu.so", TorchFolder.CUDA_LIBRARY);

    private static final String LINEAR_ALGEBRA = "libtorch_cuda_linalg.so";
    private static final String COMPILER = "libcaffe2_nvrtc.so";
    private static final String OPENMP = "libgomp.so.1";
    private static final Pattern OPENMP_FILE = Pattern.compile("libgomp(-[0-9a-f]+)?\\.so\\.1(\\.[0-9.]+)?");
    private static final Pattern RUNTIME_FILE = Pattern.compile("libcudart(-[0-9a-f]+)?\\.so(\\.[0-9.]+)?");

    private LinkFolder() {}

    /**
     * Creates the links, replacing earlier ones.
     *
     * @param folder folder of the links, which appears only when it is complete
     * @param driver true if NVIDIA's driver is installed, without which one of the libraries cannot be loaded
     * @throws UserException if the folder cannot be written, or the operating system is not supported
     */
    static TorchLibraries make(TorchFolder torch, Path folder, boolean driver) {
        requireSystem();
        Map<String, Path> links = links(torch, driver);
        Optional<Path> runtime = runtime(torch);
        AtomicFiles.writeFolder(folder, beside -> {
            Path own = Files.createDirectory(beside.resolve("torch"));
            for (Map.Entry<String, Path> link : links.entrySet()) {
                Files.createSymbolicLink(own.resolve(link.getKey()), link.getValue());
            }
            if (runtime.isPresent()) {
                Path cuda = Files.createDirectory(beside.resolve("runtime"));
                Files.createSymbolicLink(cuda.resolve("libcudart.so"), runtime.get());
            }
        });
        return new TorchLibraries(
                folder.resolve("torch"),
                torch.libraries().resolve(TorchFolder.CUDA_LIBRARY),
                torch.beside(),
                runtime.isPresent() ? folder.resolve("runtime") : null);
    }

    /** Returns the files to link, by the names of their links. */
    static Map<String, Path> links(TorchFolder torch, boolean driver) {
        Map<String, Path> links = new TreeMap<>();
        for (String name : REQUIRED) {
            links.put(name, torch.libraries().resolve(name));
        }
        Path algebra = torch.libraries().resolve(LINEAR_ALGEBRA);
        if (Files.isRegularFile(algebra)) {
            links.put(LINEAR_ALGEBRA, algebra);
        }
        Path compiler = torch.libraries().resolve(COMPILER);
        if (driver && Files.isRegularFile(compiler)) {
            links.put(COMPILER, compiler);
        }
        // some builds have a part of a hash in the name of this file
        first(torch.libraries(), OPENMP_FILE).ifPresent(file -> links.put(OPENMP, file));
        return links;
    }

    /** Returns the CUDA runtime, which is needed to count the devices; empty if there is none. */
    static Optional<Path> runtime(TorchFolder torch) {
        return Stream.concat(Stream.of(torch.libraries()), torch.beside().stream())
                .flatMap(folder -> first(folder, RUNTIME_FILE).stream())
                .findFirst();
    }

    /**
     * Returns a stamp that changes if one of the files is replaced, since the earlier check does not apply to the new
     * file.
     */
    static String fingerprint(TorchFolder torch) {
        try {
            MessageDigest digest = Sha256.digest();
            for (Path file : links(torch, true).values()) {
                String facts = "%s %s %s%n"
                        .formatted(
                                file,
                                Files.size(file),
                                Files.getLastModifiedTime(file).toMillis());
                digest.update(facts.getBytes(StandardCharsets.UTF_8));
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (IOException e) {
            throw new UserException("Cannot read %s: %s.".formatted(torch.libraries(), FileErrors.reason(e)), e);
        }
    }

    private static Optional<Path> first(Path folder, Pattern name) {
        if (!Files.isDirectory(folder)) {
            return Optional.empty();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(
                            file -> name.matcher(file.getFileName().toString()).matches())
                    .sorted()
                    .findFirst();
        } catch (IOException e) {
            throw new UserException("Cannot read the folder %s: %s.".formatted(folder, FileErrors.reason(e)), e);
        }
    }

    private static void requireSystem() {
        String os = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        String machine = System.getProperty("os.arch", "");
        if (!os.startsWith("linux") || !machine.equals("amd64")) {
            throw new UserException(
                    "Layerwise computes on a GPU on Linux with an x86_64 processor only, and this is %s on %s; the CPU is used."
                            .formatted(System.getProperty("os.name"), machine));
        }
    }
}
