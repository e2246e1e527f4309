import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Enumeration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Looks after the native libraries of an image. They are known by their first bytes, not by their names, which every
 * project spells in its own way. Needs nothing but a JDK:
 *
 * <pre>
 * java Natives.java strip FOLDER          takes other platforms' natives out of the folder's jars
 * java Natives.java unpack FOLDER TARGET  copies the natives of the folder's jars into a folder
 * java Natives.java check FOLDER          lists what is inside; exit code 1 if there are other platforms' natives
 * java Natives.java extract FOLDER TARGET as unpack, for all jars below a folder, each into a folder of its own
 * </pre>
 *
 * The platform is the one that this runs on.
 */
final class Natives {

    private static final int HEAD = 4096;

    /** Systems whose libraries have the format of Linux: only names tell them apart. */
    private static final Pattern LIKE_LINUX =
            Pattern.compile("(?i)(^|[/_-])(freebsd|openbsd|netbsd|dragonfly(bsd)?|sunos|solaris|android|aix)");

    private enum Format {
        ELF("linux"),
        MACH_O("mac"),
        PE("windows"),
        XCOFF("aix");

        private final String system;

        Format(String system) {
            this.system = system;
        }
    }

    /** A library: its format, and the processors that it is for; a Mac's may be for several. */
    private record Library(Format format, List<String> processors) {}

    private record Found(String where, long bytes, Library library, boolean ours) {}

    private final String system;
    private final String processor;

    private Natives(String system, String processor) {
        this.system = system;
        this.processor = processor;
    }

    public static void main(String[] args) throws IOException {
        Natives natives = new Natives(thisSystem(), thisProcessor());
        switch (args[0]) {
            case "strip" -> natives.strip(Path.of(args[1]));
            case "unpack" -> natives.unpack(Path.of(args[1]), Path.of(args[2]), false);
            case "extract" -> natives.unpack(Path.of(args[1]), Path.of(args[2]), true);
            case "check" -> System.exit(natives.check(Path.of(args[1])) ? 0 : 1);
            default -> throw new IllegalArgumentException(args[0]);
        }
    }

    private void strip(Path folder) throws IOException {
        for (Path jar : jars(folder)) {
            List<String> foreign = new ArrayList<>();
            long bytes = 0;
            try (ZipFile zip = new ZipFile(jar.toFile())) {
                for (Enumeration<? extends ZipEntry> e = zip.entries(); e.hasMoreElements(); ) {
                    ZipEntry entry = e.nextElement();
                    Library library = library(zip, entry);
                    if (library != null && !isOurs(entry.getName(), library)) {
                        foreign.add(entry.getName());
                        bytes += entry.getCompressedSize();
                    }
                }
                if (foreign.isEmpty()) {
                    continue;
                }
                if (zip.stream().anyMatch(entry -> entry.getName().matches("META-INF/[^/]+\\.SF"))) {
                    throw new IOException(jar + " is signed and holds other platforms' natives: " + foreign);
                }
                rewrite(zip, jar, foreign);
            }
            System.out.printf(
                    Locale.ROOT, "%s: without %d natives, %.1f MB%n", jar.getFileName(), foreign.size(), bytes / 1e6);
        }
    }

    /** Everything but some entries, in the same order and with the same times. */
    private static void rewrite(ZipFile zip, Path jar, List<String> without) throws IOException {
        Path part = jar.resolveSibling(jar.getFileName() + ".part");
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(part))) {
            for (Enumeration<? extends ZipEntry> e = zip.entries(); e.hasMoreElements(); ) {
                ZipEntry entry = e.nextElement();
                if (without.contains(entry.getName())) {
                    continue;
                }
                ZipEntry copy = new ZipEntry(entry);
                copy.setCompressedSize(-1);
                out.putNextEntry(copy);
                try (InputStream in = zip.getInputStream(entry)) {
                    in.transferTo(out);
                }
                out.closeEntry();
            }
        }
        Files.move(part, jar, StandardCopyOption.REPLACE_EXISTING);
    }

    private void unpack(Path folder, Path target, boolean apart) throws IOException {
        Files.createDirectories(target);
        for (Path jar : jars(folder)) {
            Path into = apart ? target.resolve(jar.getFileName().toString()) : target;
            try (ZipFile zip = new ZipFile(jar.toFile())) {
                for (Enumeration<? extends ZipEntry> e = zip.entries(); e.hasMoreElements(); ) {
                    ZipEntry entry = e.nextElement();
                    Library library = library(zip, entry);
                    if (library == null || !isOurs(entry.getName(), library)) {
                        continue;
                    }
                    // by its whole name where jars hold variants of one library, as DJL's for CPU and CUDA
                    Path file = into.resolve(apart ? entry.getName() : plain(entry.getName()));
                    if (!file.normalize().startsWith(into)) {
                        throw new IOException(jar + ": " + entry.getName());
                    }
                    Files.createDirectories(file.getParent());
                    try (InputStream in = zip.getInputStream(entry)) {
                        Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
                    }
                }
            }
        }
    }

    private boolean check(Path folder) throws IOException {
        List<Found> all = new ArrayList<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile).sorted()::iterator) {
                String name = folder.relativize(file).toString();
                if (name.endsWith(".jar")) {
                    try (ZipFile zip = new ZipFile(file.toFile())) {
                        for (Enumeration<? extends ZipEntry> e = zip.entries(); e.hasMoreElements(); ) {
                            ZipEntry entry = e.nextElement();
                            add(all, name + "!" + entry.getName(), entry.getCompressedSize(), library(zip, entry));
                        }
                    }
                } else {
                    try (InputStream in = Files.newInputStream(file)) {
                        add(all, name, Files.size(file), library(in.readNBytes(HEAD)));
                    }
                }
            }
        }
        Map<String, long[]> byPlace = new TreeMap<>();
        for (Found found : all) {
            String place = found.where.replaceFirst("!.*", "");
            long[] sums = byPlace.computeIfAbsent(place.endsWith(".jar") ? place : "files", any -> new long[2]);
            sums[0]++;
            sums[1] += found.bytes;
        }
        byPlace.forEach((place, sums) ->
                System.out.printf(Locale.ROOT, "%8.1f MB  %3d natives  %s%n", sums[1] / 1e6, sums[0], place));
        List<Found> foreign = all.stream().filter(found -> !found.ours).toList();
        foreign.forEach(found -> System.out.println("not for " + system + " on " + processor + ": " + found.where + " ("
                + found.library.format + " for " + found.library.processors + ")"));
        System.out.println(all.size() + " natives, " + foreign.size() + " of other platforms.");
        return !all.isEmpty() && foreign.isEmpty();
    }

    private void add(List<Found> all, String where, long bytes, Library library) {
        if (library != null) {
            all.add(new Found(where, bytes, library, isOurs(where, library)));
        }
    }

    private boolean isOurs(String name, Library library) {
        return library.format.system.equals(system)
                && library.processors.contains(processor)
                && !(system.equals("linux") && LIKE_LINUX.matcher(name).find());
    }

    private static Library library(ZipFile zip, ZipEntry entry) throws IOException {
        if (entry.isDirectory() || entry.getName().endsWith(".class")) {
            return null;
        }
        try (InputStream in = zip.getInputStream(entry)) {
            return library(in.readNBytes(HEAD));
        }
    }

    /** The library that begins so; null if it is something else. */
    private static Library library(byte[] head) {
        if (head.length < 64) {
            return null;
        }
        ByteBuffer big = ByteBuffer.wrap(head);
        ByteBuffer little = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN);
        int magic = big.getInt(0);
        if (magic == 0x7f454c46) {
            return new Library(Format.ELF, List.of(elf((head[5] == 1 ? little : big).getShort(18))));
        }
        if (magic == 0xcffaedfe || magic == 0xcefaedfe) {
            return new Library(Format.MACH_O, List.of(mach(little.getInt(4))));
        }
        if (magic == 0xcafebabe && big.getInt(4) < 20) { // in a class file, its version
            List<String> processors = new ArrayList<>();
            for (int i = 0; i < big.getInt(4) && 8 + 20 * i + 4 <= head.length; i++) {
                processors.add(mach(big.getInt(8 + 20 * i)));
            }
            return new Library(Format.MACH_O, processors);
        }
        if (head[0] == 'M' && head[1] == 'Z') {
            int at = little.getInt(0x3c);
            boolean pe = at > 0 && at + 6 <= head.length && little.getInt(at) == 0x4550;
            return pe ? new Library(Format.PE, List.of(pe(little.getShort(at + 4)))) : null;
        }
        return new String(head, 0, 8, java.nio.charset.StandardCharsets.ISO_8859_1).startsWith("<bigaf>")
                ? new Library(Format.XCOFF, List.of("powerpc"))
                : null;
    }

    private static String elf(short machine) {
        return switch (machine) {
            case 62 -> "x86_64";
            case 183 -> "aarch64";
            default -> "ELF machine " + machine;
        };
    }

    private static String mach(int type) {
        return switch (type) {
            case 0x01000007 -> "x86_64";
            case 0x0100000c -> "aarch64";
            default -> "Mach-O processor " + type;
        };
    }

    private static String pe(short machine) {
        return switch (machine & 0xffff) {
            case 0x8664 -> "x86_64";
            case 0xaa64 -> "aarch64";
            default -> "PE machine " + Integer.toHexString(machine & 0xffff);
        };
    }

    private static List<Path> jars(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".jar"))
                    .sorted(Comparator.naturalOrder())
                    .toList();
        }
    }

    private static String plain(String name) {
        return name.substring(name.lastIndexOf('/') + 1);
    }

    private static String thisSystem() {
        String name = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        return name.startsWith("windows") ? "windows" : name.startsWith("mac") ? "mac" : "linux";
    }

    private static String thisProcessor() {
        return System.getProperty("os.arch").replace("amd64", "x86_64");
    }
}
