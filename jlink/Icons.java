import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Path2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;

/**
 * Makes the icons that installers need from the program's PNGs: {@code java Icons.java PNG-FOLDER TARGET}. Writes
 * layerwise.ico and layerwise.icns, and for study files a sheet of paper with the program's icon as study-N.png,
 * study.ico and study.icns. Needs nothing but a JDK.
 */
final class Icons {

    private static final List<Integer> SIZES = List.of(16, 32, 48, 64, 128, 256, 512);

    /** Up to this size an ICO holds bitmaps: some programs of Windows read PNGs only in the largest picture. */
    private static final int LARGEST_BITMAP = 128;

    /** The names of a Mac's icon types by size. */
    private static final Map<Integer, List<String>> ICNS_TYPES = new LinkedHashMap<>();

    static {
        ICNS_TYPES.put(16, List.of("icp4"));
        ICNS_TYPES.put(32, List.of("icp5", "ic11"));
        ICNS_TYPES.put(64, List.of("ic12"));
        ICNS_TYPES.put(128, List.of("ic07"));
        ICNS_TYPES.put(256, List.of("ic08", "ic13"));
        ICNS_TYPES.put(512, List.of("ic09", "ic14"));
    }

    private Icons() {}

    public static void main(String[] args) throws IOException {
        System.setProperty("java.awt.headless", "true");
        Path target = Path.of(args[1]);
        Files.createDirectories(target);
        Map<Integer, BufferedImage> program = new LinkedHashMap<>();
        Map<Integer, BufferedImage> study = new LinkedHashMap<>();
        for (int size : SIZES) {
            program.put(size, ImageIO.read(Path.of(args[0], "layerwise-" + size + ".png").toFile()));
            study.put(size, sheet(size, program));
            Files.write(target.resolve("study-" + size + ".png"), png(study.get(size)));
        }
        Files.write(target.resolve("layerwise.ico"), ico(program));
        Files.write(target.resolve("layerwise.icns"), icns(program));
        Files.write(target.resolve("study.ico"), ico(study));
        Files.write(target.resolve("study.icns"), icns(study));
    }

    /** A sheet of paper with a folded corner that carries the program's icon. */
    private static BufferedImage sheet(int size, Map<Integer, BufferedImage> program) {
        BufferedImage picture = new BufferedImage(size, size, BufferedImage.TYPE_INT_ARGB);
        Graphics2D g = picture.createGraphics();
        g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        g.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
        g.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
        double left = size * 0.16;
        double right = size - left;
        double top = size * 0.04;
        double bottom = size - top;
        double fold = size * 0.22;
        Path2D paper = new Path2D.Double();
        paper.moveTo(left, top);
        paper.lineTo(right - fold, top);
        paper.lineTo(right, top + fold);
        paper.lineTo(right, bottom);
        paper.lineTo(left, bottom);
        paper.closePath();
        Path2D corner = new Path2D.Double();
        corner.moveTo(right - fold, top);
        corner.lineTo(right, top + fold);
        corner.lineTo(right - fold, top + fold);
        corner.closePath();
        g.setStroke(new BasicStroke(Math.max(1f, size / 64f), BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
        g.setColor(new Color(0xfafafc));
        g.fill(paper);
        g.setColor(new Color(0xd5d8e4));
        g.fill(corner);
        g.setColor(new Color(0x8a90a8));
        g.draw(paper);
        g.draw(corner);
        int icon = (int) Math.round(size * 0.5);
        BufferedImage source = program.get(SIZES.stream().filter(any -> any >= icon).findFirst().orElseThrow());
        int x = (size - icon) / 2;
        int y = (int) Math.round(size * 0.37);
        g.drawImage(half(source, icon), x, y, icon, icon, null);
        g.dispose();
        return picture;
    }

    /** Halved as often as it goes: one step from large to small would skip pixels. */
    private static BufferedImage half(BufferedImage image, int least) {
        BufferedImage at = image;
        while (at.getWidth() / 2 >= least) {
            BufferedImage next =
                    new BufferedImage(at.getWidth() / 2, at.getHeight() / 2, BufferedImage.TYPE_INT_ARGB);
            Graphics2D g = next.createGraphics();
            g.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
            g.drawImage(at, 0, 0, next.getWidth(), next.getHeight(), null);
            g.dispose();
            at = next;
        }
        return at;
    }

    /** The format of Windows: a directory of pictures, then the pictures. */
    private static byte[] ico(Map<Integer, BufferedImage> pictures) throws IOException {
        List<BufferedImage> held =
                pictures.values().stream().filter(picture -> picture.getWidth() <= 256).toList();
        ByteArrayOutputStream bodies = new ByteArrayOutputStream();
        ByteBuffer directory =
                ByteBuffer.allocate(6 + 16 * held.size()).order(ByteOrder.LITTLE_ENDIAN);
        directory.putShort((short) 0).putShort((short) 1).putShort((short) held.size());
        for (BufferedImage picture : held) {
            int size = picture.getWidth();
            byte[] body = size <= LARGEST_BITMAP ? bitmap(picture) : png(picture);
            byte side = (byte) (size == 256 ? 0 : size);
            directory.put(side).put(side).put((byte) 0).put((byte) 0);
            directory.putShort((short) 1).putShort((short) 32);
            directory.putInt(body.length).putInt(directory.capacity() + bodies.size());
            bodies.write(body);
        }
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.write(directory.array());
        bodies.writeTo(all);
        return all.toByteArray();
    }

    /** A header, rows of blue, green, red, alpha from the bottom up, and an empty mask. */
    private static byte[] bitmap(BufferedImage picture) {
        int size = picture.getWidth();
        int maskRow = (size + 31) / 32 * 4;
        ByteBuffer out = ByteBuffer.allocate(40 + size * size * 4 + maskRow * size).order(ByteOrder.LITTLE_ENDIAN);
        out.putInt(40).putInt(size).putInt(2 * size).putShort((short) 1).putShort((short) 32);
        out.putInt(0).putInt(size * size * 4 + maskRow * size).putInt(0).putInt(0).putInt(0).putInt(0);
        for (int y = size - 1; y >= 0; y--) {
            for (int x = 0; x < size; x++) {
                out.putInt(picture.getRGB(x, y));
            }
        }
        return out.array();
    }

    /** The format of macOS: PNGs, each behind its type and length. */
    private static byte[] icns(Map<Integer, BufferedImage> pictures) throws IOException {
        ByteArrayOutputStream bodies = new ByteArrayOutputStream();
        DataOutputStream body = new DataOutputStream(bodies);
        for (Map.Entry<Integer, List<String>> kind : ICNS_TYPES.entrySet()) {
            byte[] png = png(pictures.get(kind.getKey()));
            for (String type : kind.getValue()) {
                body.write(type.getBytes(StandardCharsets.US_ASCII));
                body.writeInt(8 + png.length);
                body.write(png);
            }
        }
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(all);
        out.write("icns".getBytes(StandardCharsets.US_ASCII));
        out.writeInt(8 + bodies.size());
        bodies.writeTo(out);
        return all.toByteArray();
    }

    private static byte[] png(BufferedImage picture) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageIO.write(picture, "png", out);
        return out.toByteArray();
    }
}
