import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Gathers the licence notices of an image: {@code java Licences.java THIRD-PARTY.txt TEXTS TARGET JARS...}. THIRD-PARTY.txt
 * is license-maven-plugin's list, TEXTS the folder of the licences' texts, JARS folders of the jars that are shipped.
 * Fails if a jar is not in the list or a licence has no text. Needs nothing but a JDK.
 */
final class Licences {

    /** {@code (MIT) (Apache-2.0) Name (group:artifact:version - address)} */
    private static final Pattern LINE =
            Pattern.compile("^\\s+((?:\\([^()]+\\) )+).* \\(([^:() ]+):([^:]+):([^: ]+) - .*\\)$");

    private static final Pattern NOTICE =
            Pattern.compile("(?i)(META-INF/|.*/)?[^/]*(licen[cs]e|notice|copying)[^/]*(\\.txt|\\.md)?");

    private Licences() {}

    public static void main(String[] args) throws IOException {
        Path list = Path.of(args[0]);
        Path texts = Path.of(args[1]);
        Path target = Path.of(args[2]);
        Set<String> licences = new TreeSet<>();
        Set<String> known = new TreeSet<>();
        for (String line : Files.readAllLines(list)) {
            Matcher matcher = LINE.matcher(line);
            if (!matcher.matches()) {
                if (!line.isBlank() && !line.startsWith("Lists of")) {
                    throw new IOException(list + " has a line of another form: " + line);
                }
                continue;
            }
            known.add(matcher.group(3) + "-" + matcher.group(4));
            for (String licence : matcher.group(1).trim().split("\\) \\(")) {
                licences.add(licence.replaceAll("[()]", ""));
            }
        }
        List<String> wrong = new ArrayList<>();
        for (String licence : licences) {
            if (!Files.exists(texts.resolve(licence + ".txt"))) {
                wrong.add("The licence " + licence + " has no text " + licence + ".txt in " + texts + ".");
            }
        }
        Files.createDirectories(target);
        int jars = 0;
        for (int i = 3; i < args.length; i++) {
            for (Path jar : files(Path.of(args[i]), ".jar")) {
                String name = jar.getFileName().toString().replaceFirst("\\.jar$", "");
                if (known.stream().noneMatch(any -> name.equals(any) || name.startsWith(any + "-"))) {
                    wrong.add("The library " + name + " has no known licence.");
                }
                collect(jar, target.resolve("notices").resolve(name));
                jars++;
            }
        }
        if (!wrong.isEmpty()) {
            wrong.forEach(System.err::println);
            System.exit(1);
        }
        for (Path text : files(texts, ".txt")) {
            Files.copy(text, target.resolve(text.getFileName()), StandardCopyOption.REPLACE_EXISTING);
        }
        List<String> sorted = Files.readAllLines(list).stream()
                .filter(line -> LINE.matcher(line).matches())
                .map(String::strip)
                .sorted()
                .toList();
        Files.write(target.resolve("THIRD-PARTY.txt"), sorted);
        System.out.println(jars + " libraries under " + String.join(", ", licences) + ".");
    }

    /** What a jar itself says. */
    private static void collect(Path jar, Path into) throws IOException {
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            for (Enumeration<? extends ZipEntry> e = zip.entries(); e.hasMoreElements(); ) {
                ZipEntry entry = e.nextElement();
                if (!entry.isDirectory() && NOTICE.matcher(entry.getName()).matches()
                        && !entry.getName().endsWith(".class")) {
                    Files.createDirectories(into);
                    try (InputStream in = zip.getInputStream(entry)) {
                        String plain = entry.getName().substring(entry.getName().lastIndexOf('/') + 1);
                        Files.copy(in, into.resolve(plain), StandardCopyOption.REPLACE_EXISTING);
                    }
                }
            }
        }
    }

    private static List<Path> files(Path folder, String ending) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(ending)).sorted().toList();
        }
    }
}
