import type { KnownAlgorithm } from '../../src/digest/index.js'

type Vector = readonly [input: Uint8Array, digest: string]

const text = (value: string): Uint8Array => Buffer.from(value)
const million = Buffer.alloc(1_000_000, 'a')

/** The input of BLAKE3's test_vectors.json: 0, 1, ... 250, 0, 1 ... */
const blake3Input = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => i % 251)

/** The input of xxHash's own sanity check (tests/sanity_test.c): the top bytes of powers of PRIME64_1, from PRIME32_1 on. */
const xxhInput = (length: number): Uint8Array => {
  let generator = 2_654_435_761n
  return Uint8Array.from({ length }, () => {
    const byte = Number(generator >> 56n)
    generator = (generator * 11_400_714_785_074_694_797n) & 0xffff_ffff_ffff_ffffn
    return byte
  })
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
const DIGITS = '12345678901234567890123456789012345678901234567890123456789012345678901234567890'
const ABCDBCDE = 'abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq'
const ABCDEFGH =
  'abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu'

/** Published values, with their sources. */
export const VECTORS: Readonly<Record<KnownAlgorithm, readonly Vector[]>> = {
  // RFC 1321, appendix A.5
  md5: [
    [text(''), 'd41d8cd98f00b204e9800998ecf8427e'],
    [text('a'), '0cc175b9c0f1b6a831c399e269772661'],
    [text('abc'), '900150983cd24fb0d6963f7d28e17f72'],
    [text('message digest'), 'f96b697d7cb7938d525a2f31aaf161d0'],
    [text('abcdefghijklmnopqrstuvwxyz'), 'c3fcd3d76192e4007dfb496cca67e13b'],
    [text(ALPHABET), 'd174ab98d277d9f5a5611c2c9f419d9f'],
    [text(DIGITS), '57edf4a22be3c955ac49da2e2107b67a'],
  ],
  // FIPS 180-2, appendices A to C
  sha1: [
    [text('abc'), 'a9993e364706816aba3e25717850c26c9cd0d89d'],
    [text(ABCDBCDE), '84983e441c3bd26ebaae4aa1f95129e5e54670f1'],
    [million, '34aa973cd4c4daa4f61eeb2bdbad27316534016f'],
  ],
  sha256: [
    [text('abc'), 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
    [text(ABCDBCDE), '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1'],
    [million, 'cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0'],
  ],
  sha512: [
    [
      text('abc'),
      'ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f',
    ],
    [
      text(ABCDEFGH),
      '8e959b75dae313da8cf4f72814fc143f8f7779c6eb9f7fa17299aeadb6889018501d289e4900f7e4331b99dec4b5433ac7d329eeb6dd26545e96e55b874be909',
    ],
    [
      million,
      'e718483d0ce769644e2e42c7bc15b4638e1f98b13b2044285632a803afa973ebde0ff244877ea60a4cb0432ce577c31beb009c5c2c49aa2e4eadb217ad8cc09b',
    ],
  ],
  // Catalogue of CRC algorithms (Greg Cook); RFC 3720, appendix B.4
  crc32: [
    [text(''), '00000000'],
    [text('123456789'), 'cbf43926'],
  ],
  crc32c: [
    [text(''), '00000000'],
    [text('123456789'), 'e3069283'],
    [new Uint8Array(32), '8a9136aa'],
    [new Uint8Array(32).fill(0xff), '62a8ab43'],
    [Uint8Array.from({ length: 32 }, (_, i) => i), '46dd794e'],
    [Uint8Array.from({ length: 32 }, (_, i) => 31 - i), '113fdb5c'],
  ],
  crc64nvme: [
    [text(''), '0000000000000000'],
    [text('123456789'), 'ae8b14860a799888'],
    // NVM Express, NVM Command Set Specification, test cases of the 64b CRC
    [new Uint8Array(4096), '6482d367eb22b64e'],
    [new Uint8Array(4096).fill(0xff), 'c0ddba7302eca3ac'],
    [Uint8Array.from({ length: 4096 }, (_, i) => i), '3e729f5f6750449c'],
    [Uint8Array.from({ length: 4096 }, (_, i) => 255 - i), '9a2df64b8e9e517e'],
  ],
  // github.com/BLAKE3-team/BLAKE3, test_vectors/test_vectors.json
  blake3: [
    [blake3Input(0), 'af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262'],
    [blake3Input(1), '2d3adedff11b61f14c886e35afa036736dcd87a74d27b5c1510225d0f592e213'],
    [blake3Input(1023), '10108970eeda3eb932baac1428c7a2163b0e924c9a9e25b35bba72b28f70bd11'],
    [blake3Input(1024), '42214739f095a406f3fc83deb889744ac00df831c10daa55189b5d121c855af7'],
    [blake3Input(1025), 'd00278ae47eb27b34faecf67b4fe263f82d5412916c1ffd97c8cb7fb814b8444'],
    [blake3Input(2048), 'e776b6028c7cd22a4d0ba182a8bf62205d2ef576467e838ed6f2529b85fba24a'],
    [blake3Input(102_400), 'bc3e3d41a1146b069abffad3c0d44860cf664390afce4d9661f7902e7943e085'],
  ],
  // github.com/Cyan4973/xxHash, tests/sanity_test_vectors.h, seed 0
  'xxh3-64': [
    [xxhInput(0), '2d06800538d394c2'],
    [xxhInput(1), 'c44bdff4074eecdb'],
    [xxhInput(6), '27b56a84cd2d7325'],
    [xxhInput(12), 'a713daf0dfbb77e7'],
    [xxhInput(24), 'a3fe70bf9d3510eb'],
    [xxhInput(48), '397da259ecba1f11'],
    [xxhInput(80), 'bcdefbbb2c47c90a'],
    [xxhInput(195), 'cd94217ee362ec3a'],
    [xxhInput(403), 'cdeb804d65c6dea4'],
    [xxhInput(512), '617e49599013cb6b'],
    [xxhInput(2048), 'dd59e2c3a5f038e0'],
    [xxhInput(2367), 'cb37aeb9e5d361ed'],
  ],
  'xxh3-128': [
    [xxhInput(0), '99aa06d3014798d86001c324468d497f'],
    [xxhInput(1), 'a6cd5e9392000f6ac44bdff4074eecdb'],
    [xxhInput(6), '082afe0b8162d12a3e7039bdda43cfc6'],
    [xxhInput(12), '6e3efd8fc7802b18061a192713f69ad9'],
    [xxhInput(24), '0ce966e4678d37611e7044d28b1b901d'],
    [xxhInput(48), 'a002ac4e5478227ef942219aed80f67b'],
    [xxhInput(80), 'fdf2cefde9eaac8a454ae6bf7a8a532d'],
    [xxhInput(195), '7729543a26b207ee3fb593c086a66075'],
    [xxhInput(403), '1b6de21e332dd73dcdeb804d65c6dea4'],
    [xxhInput(512), '18d2d110dcc9bca1617e49599013cb6b'],
    [xxhInput(2048), 'f736557fd47073a5dd59e2c3a5f038e0'],
    [xxhInput(2367), 'e89c0f6ff369b427cb37aeb9e5d361ed'],
  ],
}
