package org.layerwise.install.torch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.UserException;
import org.layerwise.base.file.FileErrors;
import org.layerwise.tensor.TorchLibraries;

/**
 * Installation of libtorch with CUDA, found in a folder that the user names: a Python environment (venv, conda), a
 * folder of {@code pip install --target}, {@code site-packages}, the package {@code torch} itself, or an unpacked
 * libtorch.
 *
 * @param asked folder that the user named
 * @param libraries folder of {@code libtorch_cuda.so}
 * @param version version such as {@code 2.7.1+cu126}
 * @param beside folders that may hold CUDA libraries
 */
public record TorchFolder(Path asked, Path libraries, String version, List<Path> beside) {

    /** Library that distinguishes a libtorch for GPUs. */
    static final String CUDA_LIBRARY = "libtorch_cuda.so";

    /** Command that installs a suitable libtorch, for hints. */
    public static final String INSTALL = "pip install --target DIR torch==" + TorchLibraries.VERSION;

    private static final Pattern VERSION = Pattern.compile("(?m)^__version__\\s*=\\s*['\"]([^'\"]+)['\"]");
    private static final Pattern CUDA = Pattern.compile("(?m)^cuda\\b[^=\\n]*=\\s*['\"]([^'\"]+)['\"]");
    private static final Pattern ROCM = Pattern.compile("(?m)^hip\\b[^=\\n]*=\\s*['\"]([^'\"]+)['\"]");

    public TorchFolder {
        beside = List.copyOf(beside);
    }

    /**
     * Finds libtorch in a folder.
     *
     * @throws UserException if there is no libtorch, or it is of another version or without CUDA
     */
    public static TorchFolder find(Path asked) {
        Path folder = asked.toAbsolutePath().normalize();
        if (!Files.isDirectory(folder)) {
            throw new UserException(
                    Files.exists(folder)
                            ? "%s is a file; name the folder of a Python environment or of libtorch.".formatted(asked)
                            : "There is no folder %s; name a Python environment or an unpacked libtorch."
                                    .formatted(asked));
        }
        for (Path torch : packages(folder)) {
            if (isTorch(torch)) {
                return ofPackage(folder, torch);
            }
        }
        for (Path libtorch : unpacked(folder)) {
            if (Files.isRegularFile(libtorch.resolve("build-version"))) {
                return ofLibtorch(folder, libtorch);
            }
        }
        throw new UserException(
                "There is no torch in %s; name a Python environment that has it, a folder filled by %s, or an unpacked libtorch."
                        .formatted(asked, INSTALL));
    }

    /** Returns true if a folder is the package {@code torch}. Other packages also have a {@code version.py}. */
    private static boolean isTorch(Path folder) {
        return Files.isRegularFile(folder.resolve("version.py"))
                && (String.valueOf(folder.getFileName()).equals("torch")
                        || Files.isRegularFile(folder.resolve("lib").resolve("libc10.so")));
    }

    /** Returns the possible locations of the package {@code torch} for a folder that the user names. */
    private static List<Path> packages(Path folder) {
        List<Path> found = new ArrayList<>(List.of(folder, folder.resolve("torch")));
        Path parent = folder.getParent();
        if (parent != null && String.valueOf(folder.getFileName()).equals("lib")) {
            found.add(parent); // torch/lib
        }
        for (Path environment : environments(folder)) {
            sitePackages(environment).forEach(site -> found.add(site.resolve("torch")));
        }
        return found;
    }

    /**
     * Returns the possible Python environments for a folder, which may be an environment, its {@code bin}, or a project
     * with an environment.
     */
    private static List<Path> environments(Path folder) {
        List<Path> found = new ArrayList<>(List.of(folder, folder.resolve(".venv"), folder.resolve("venv")));
        Path parent = folder.getParent();
        if (parent != null && List.of("bin", "lib", "lib64").contains(String.valueOf(folder.getFileName()))) {
            found.add(parent);
        }
        return found;
    }

    private static List<Path> sitePackages(Path environment) {
        List<Path> found = new ArrayList<>();
        for (String lib : List.of("lib", "lib64")) {
            for (Path python : list(environment.resolve(lib))) {
                if (python.getFileName().toString().startsWith("python")) {
                    found.add(python.resolve("site-packages"));
                    found.add(python.resolve("dist-packages"));
                }
            }
        }
        return found;
    }

    private static List<Path> unpacked(Path folder) {
        List<Path> found = new ArrayList<>(List.of(folder, folder.resolve("libtorch")));
        Path parent = folder.getParent();
        if (parent != null && String.valueOf(folder.getFileName()).equals("lib")) {
            found.add(parent);
        }
        return found;
    }

    private static TorchFolder ofPackage(Path asked, Path torch) {
        String source = read(torch.resolve("version.py"));
        String version = group(VERSION, source)
                .orElseThrow(() ->
                        new UserException("%s does not say which version it is; install torch anew.".formatted(torch)));
        requireVersion(asked, version);
        if (group(ROCM, source).isPresent()) {
            throw new UserException(
                    "%s holds torch %s for AMD's ROCm, which Layerwise cannot use; it takes the one with CUDA: %s."
                            .formatted(asked, version, INSTALL));
        }
        Optional<String> cuda = group(CUDA, source);
        if (cuda.isEmpty()) {
            throw withoutCuda(asked, version);
        }
        // conda keeps the libraries of all packages in one folder
        Path prefix = prefix(torch);
        Path own = torch.resolve("lib");
        Path libraries =
                prefix != null && !Files.isRegularFile(own.resolve(CUDA_LIBRARY)) ? prefix.resolve("lib") : own;
        String whole =
                version.contains("+") ? version : version + "+cu" + cuda.get().replace(".", "");
        return new TorchFolder(asked, require(asked, libraries), whole, beside(torch, prefix));
    }

    private static TorchFolder ofLibtorch(Path asked, Path libtorch) {
        String version = read(libtorch.resolve("build-version")).strip();
        requireVersion(asked, version);
        if (version.endsWith("+cpu")) {
            throw withoutCuda(asked, version);
        }
        Path libraries = libtorch.resolve("lib");
        return new TorchFolder(asked, require(asked, libraries), version, List.of(libraries));
    }

    private static void requireVersion(Path asked, String version) {
        if (!version.replaceFirst("\\+.*", "").equals(TorchLibraries.VERSION)) {
            throw new UserException("%s holds torch %s, but Layerwise needs %s; %s makes a folder with it."
                    .formatted(asked, version, TorchLibraries.VERSION, INSTALL));
        }
    }

    private static UserException withoutCuda(Path asked, String version) {
        return new UserException("%s holds torch %s, which was built for the CPU only; %s makes a folder with CUDA."
                .formatted(asked, version, INSTALL));
    }

    private static Path require(Path asked, Path libraries) {
        for (String name : LinkFolder.REQUIRED) {
            if (!Files.isRegularFile(libraries.resolve(name))) {
                throw new UserException("The torch in %s is not complete: there is no %s in %s; install it anew."
                        .formatted(asked, name, libraries));
            }
        }
        return libraries;
    }

    /**
     * Returns the environment that a package is installed into, {@code PREFIX} of {@code
     * PREFIX/lib/python3.11/site-packages/torch}; null if there is none.
     */
    private static @Nullable Path prefix(Path torch) {
        Path python = parent(parent(torch));
        Path lib = parent(python);
        boolean installed = python != null
                && lib != null
                && String.valueOf(python.getFileName()).startsWith("python")
                && String.valueOf(lib.getFileName()).startsWith("lib");
        return installed ? parent(lib) : null;
    }

    private static @Nullable Path parent(@Nullable Path path) {
        return path == null ? null : path.getParent();
    }

    private static List<Path> beside(Path torch, @Nullable Path prefix) {
        Set<Path> sites = new LinkedHashSet<>();
        Path own = torch.getParent();
        if (own != null) {
            sites.add(own);
        }
        if (prefix != null) {
            sites.addAll(sitePackages(prefix));
        }
        List<Path> found = new ArrayList<>(List.of(torch.resolve("lib")));
        for (Path site : sites) {
            list(site.resolve("nvidia")).forEach(part -> found.add(part.resolve("lib")));
            found.add(site.resolve("cusparselt").resolve("lib"));
        }
        if (prefix != null) {
            found.add(prefix.resolve("lib"));
        }
        return found.stream().filter(Files::isDirectory).toList();
    }

    private static Optional<String> group(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UserException("Cannot read %s: %s.".formatted(file, FileErrors.reason(e)), e);
        }
    }

    private static List<Path> list(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        } catch (IOException e) {
            throw new UserException("Cannot read the folder %s: %s.".formatted(folder, FileErrors.reason(e)), e);
        }
    }
}
