using System.Buffers.Binary;
using ActorMon.Model.Labels;
using ActorMon.Model.Samples;
using ActorMon.Tsdb.Parts;
using ActorMon.Tsdb.Tests.Storage;

namespace ActorMon.Tsdb.Tests.Parts;

public class PartDamageTests
{
    private static readonly PartModel Model = PartModel.Random(11, 60, 2 * 3600_000, 30_000);

    [Fact]
    public void A_mutated_file_is_refused_or_gives_only_what_was_written()
    {
        var whole = Written(out var path);
        var random = new Random(1);
        var (opened, refused, lost) = (0, 0, 0);
        for (var round = 0; round < 1_500; round++)
        {
            var bytes = Mutate(whole, random);
            try
            {
                using var part = PartFile.Open(With(path, bytes), path, PartModel.Identity, new PartCache(1 << 20));
                opened++;
                lost += ReadAll(part);
                // The file's every byte is under a checksum: what differs is found.
                if (!bytes.AsSpan().SequenceEqual(whole))
                    Assert.NotEmpty(part.Verify().Problems);
            }
            catch (PartDamagedException)
            {
                refused++;
            }
        }
        Assert.True(opened > 250 && refused > 250 && lost > 250, $"opened {opened}, refused {refused}, series without all their samples {lost}");
    }

    [Fact]
    public void Pages_with_a_right_checksum_and_wrong_content_do_no_harm()
    {
        var whole = Written(out var path);
        var frames = Frames(whole);
        var random = new Random(2);
        var refused = 0;
        for (var round = 0; round < 1_500; round++)
        {
            var bytes = whole.ToArray();
            var (offset, length) = frames[random.Next(frames.Count)];
            for (var hits = random.Next(1, 4); hits > 0; hits--)
                bytes[offset + PartFormat.FrameBytes + random.Next(length)] = (byte)random.Next(256);
            var frame = bytes.AsSpan(offset);
            if (random.Next(6) == 0)
                frame[random.Next(16)] ^= (byte)(1 << random.Next(8));
            BinaryPrimitives.WriteUInt32LittleEndian(frame[16..], Crc32C.Of(frame[..16], frame.Slice(PartFormat.FrameBytes, length)));
            try
            {
                using var part = PartFile.Open(With(path, bytes), path, PartModel.Identity, new PartCache(1 << 20));
                var buffer = new SampleBuffer();
                for (var id = 0; id < part.SeriesCount; id++)
                {
                    part.Labels(id);
                    part.Overlaps(id, PartModel.Start + 100_000, PartModel.Start + 110_000);
                    buffer.Clear();
                    part.Read(id, long.MinValue, long.MaxValue, buffer);
                }
                var names = new HashSet<string>();
                part.CollectNames(names);
                foreach (var name in names)
                    part.CollectValues(name, new HashSet<string>());
                part.Find([new(ActorMon.Model.Matchers.MatchOperator.NotRegex, "slot", "1.*")], long.MinValue, long.MaxValue);
                part.Verify();
            }
            catch (PartDamagedException)
            {
                refused++;
            }
        }
        Assert.True(refused > 80, $"{refused} refused");
    }

    [Fact]
    public void One_damaged_page_of_samples_costs_its_own_samples_and_is_located()
    {
        var files = PartModel.Files();
        var model = PartModel.Random(11, 900, 2 * 3600_000, 15_000);
        string path;
        using (var part = model.Write(files, new PartCache(0), PartModel.Header()))
        {
            path = part.Path;
            Assert.True(part.Sections()[0].Pages > 3);
        }
        var bytes = files.Bytes(path).ToArray();
        var (offset, _) = Frames(bytes)[0];
        bytes[offset + 1000] ^= 4;
        using var damaged = PartFile.Open(With(path, bytes), path, PartModel.Identity, new PartCache(64 << 20));
        var buffer = new SampleBuffer();
        var (intact, hurt, id) = (0, 0, 0);
        foreach (var (_, samples) in model.Series)
        {
            buffer.Clear();
            damaged.Read(id++, long.MinValue, long.MaxValue, buffer);
            if (buffer.Count == samples.Count)
                intact++;
            else
                hurt++;
        }
        Assert.Equal(1, damaged.DamagedPages);
        Assert.Contains($"at {offset} ", Assert.Single(damaged.Damages), StringComparison.Ordinal);
        Assert.InRange(hurt, 1, 400);
        Assert.True(intact > 400);
        Assert.Contains(damaged.Verify().Problems, p => p.Contains("checksum", StringComparison.Ordinal));
    }

    [Fact]
    public void A_death_at_any_operation_leaves_a_whole_part_or_none()
    {
        var total = 0;
        for (var k = 1; ; k++)
        {
            var files = PartModel.Files();
            var before = files.Operations;
            files.KillAt = before + k;
            var died = false;
            try
            {
                Model.Write(files, new PartCache(0), PartModel.Header()).Dispose();
            }
            catch (KilledException)
            {
                died = true;
            }
            foreach (var powerCut in new[] { false, true })
            {
                var after = files.AfterDeath(powerCut);
                foreach (var path in after.Paths.Where(p => p.EndsWith(".part", StringComparison.Ordinal)))
                {
                    using var part = PartFile.Open(after, path, PartModel.Identity, new PartCache(0));
                    Assert.Empty(part.Verify().Problems);
                    total++;
                }
            }
            if (!died)
                break;
        }
        Assert.True(total >= 3);
    }

    [Fact]
    public void A_failing_disk_ends_the_writing_and_leaves_no_part()
    {
        for (var k = 1; ; k++)
        {
            var files = PartModel.Files();
            files.FailAt = files.Operations + k;
            try
            {
                Model.Write(files, new PartCache(0), PartModel.Header()).Dispose();
                break;
            }
            catch (IOException)
            {
                files.FailAt = int.MaxValue;
                Assert.DoesNotContain(files.Paths, p => p.EndsWith(".part", StringComparison.Ordinal) && files.AfterDeath(powerCut: true).FileExists(p));
                // The next attempt under the same number begins anew.
                foreach (var path in files.Paths.Where(p => p.EndsWith(".part", StringComparison.Ordinal)).ToArray())
                    files.Delete(path);
                using var part = Model.Write(files, new PartCache(0), PartModel.Header());
                Assert.Empty(part.Verify().Problems);
            }
        }
    }

    private static byte[] Written(out string path)
    {
        var files = PartModel.Files();
        using var part = Model.Write(files, new PartCache(0), PartModel.Header());
        path = part.Path;
        return files.Bytes(path);
    }

    private static MemoryFiles With(string path, byte[] bytes)
    {
        var files = PartModel.Files();
        files.Create(path).Dispose();
        files.Overwrite(path, bytes);
        return files;
    }

    /// <summary>Offset and stored length of every page, walked from the header on.</summary>
    private static List<(int Offset, int Length)> Frames(byte[] bytes)
    {
        var frames = new List<(int, int)>();
        for (var at = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(8)); at < bytes.Length - PartFormat.TrailerBytes;)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(at + 12));
            frames.Add((at, length));
            at += PartFormat.FrameBytes + length;
        }
        return frames;
    }

    /// <summary>Checks that what is read was written; returns how many series lack samples.</summary>
    private static int ReadAll(PartFile part)
    {
        var buffer = new SampleBuffer();
        var lost = 0;
        for (var id = 0; id < part.SeriesCount; id++)
        {
            LabelSet labels = part.Labels(id);
            buffer.Clear();
            part.Read(id, long.MinValue, long.MaxValue, buffer);
            var samples = Model.Series[labels];
            if (buffer.Count == samples.Count)
            {
                PartModel.AssertSame(samples, buffer);
                continue;
            }
            lost++;
            Assert.True(part.DamagedPages > 0);
        }
        return lost;
    }

    private static byte[] Mutate(byte[] whole, Random random)
    {
        var bytes = whole.ToArray();
        switch (random.Next(6))
        {
            case 0:
                return bytes[..random.Next(bytes.Length)];
            case 1:
                var zeroed = random.Next(bytes.Length);
                bytes.AsSpan(zeroed, Math.Min(512, bytes.Length - zeroed)).Clear();
                return bytes;
            case 2:
                return [.. bytes, .. bytes[..random.Next(1, 100)]];
            case 3:
                int from = random.Next(bytes.Length), to = random.Next(bytes.Length), length = Math.Min(random.Next(1, 4096), bytes.Length - Math.Max(from, to));
                bytes.AsSpan(from, length).CopyTo(bytes.AsSpan(to));
                return bytes;
            default:
                for (var hits = random.Next(1, 4); hits > 0; hits--)
                    bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
                return bytes;
        }
    }
}
