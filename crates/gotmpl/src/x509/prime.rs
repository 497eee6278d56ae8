//! Large random primes, for RSA keys: a sieve, then the test of Miller and Rabin on numbers of a fixed width.
//!
//! A chart that asks for a certificate asks for two of these, and searching them with numbers of any width takes
//! longer than all else that rendering a hundred charts does.

use rsa::rand_core::RngCore;

/// The exponent of all keys that are made here, to which a prime less one must have no common factor.
pub(super) const EXPONENT: u64 = 65_537;

/// Primes below this are sieved with: beyond it a sieve costs more than the tests that it saves.
const SIEVE: usize = 1 << 15;

/// How many odd numbers behind a random one are looked at: a prime is among them but once in 100,000 times.
const WINDOW: usize = 1 << 12;

/// Random bases of the test, beside 2. Five leave a random number of 1,024 bits a chance below 2^-112 to be composite
/// (FIPS 186-5, appendix B.3), and larger ones less.
const ROUNDS: usize = 5;

/// A random prime of `N` words of 64 bits, the lowest first, whose two highest bits are set: the product of two has
/// exactly twice the bits.
pub(super) fn prime<const N: usize>(rng: &mut impl RngCore) -> [u64; N] {
    let small = small_primes();
    loop {
        let mut start: [u64; N] = std::array::from_fn(|_| rng.next_u64());
        start[0] |= 1;
        start[N - 1] |= 3 << 62;
        for at in open_places(&start, &small) {
            let Some(candidate) = plus(&start, 2 * at as u64) else { break };
            if remainder(&candidate, EXPONENT) != 1 && is_prime(&candidate, rng) {
                return candidate;
            }
        }
    }
}

fn small_primes() -> Vec<u64> {
    let mut composite = vec![false; SIEVE];
    let mut primes = Vec::new();
    for n in (3..SIEVE).step_by(2) {
        if !composite[n] {
            primes.push(n as u64);
            (n * n..SIEVE).step_by(2 * n).for_each(|multiple| composite[multiple] = true);
        }
    }
    primes
}

/// Which of the odd numbers from `start` on have no small factor.
fn open_places<const N: usize>(start: &[u64; N], small: &[u64]) -> impl Iterator<Item = usize> + use<N> {
    let mut composite = vec![false; WINDOW];
    for &p in small {
        let rest = remainder(start, p);
        // The first `at` with start + 2 at = 0 modulo p: half of what is missing, or of that and p.
        let missing = (p - rest) % p;
        let first = if missing % 2 == 0 { missing / 2 } else { (missing + p) / 2 };
        composite[..].iter_mut().skip(first as usize).step_by(p as usize).for_each(|c| *c = true);
    }
    composite.into_iter().enumerate().filter(|(_, composite)| !composite).map(|(at, _)| at)
}

/// `divisor` has 32 bits at most.
fn remainder<const N: usize>(number: &[u64; N], divisor: u64) -> u64 {
    number.iter().rev().fold(0, |rest, word| {
        let rest = ((rest << 32) | (word >> 32)) % divisor;
        ((rest << 32) | (word & 0xFFFF_FFFF)) % divisor
    })
}

/// `None` where the sum has more words.
fn plus<const N: usize>(number: &[u64; N], more: u64) -> Option<[u64; N]> {
    let mut sum = *number;
    let mut carry = more;
    for word in &mut sum {
        let (added, over) = word.overflowing_add(carry);
        *word = added;
        carry = u64::from(over);
    }
    (carry == 0).then_some(sum)
}

/// Whether an odd number whose highest bit is set is prime, as far as the test can tell.
fn is_prime<const N: usize>(number: &[u64; N], rng: &mut impl RngCore) -> bool {
    let field = Montgomery::new(number);
    let two = field.double(&field.one);
    if !field.is_witnessed_by(&two) {
        return false;
    }
    (0..ROUNDS).all(|_| {
        // A random number below the modulus stands for a random one, whatever its form.
        let base = field.reduced(std::array::from_fn(|_| rng.next_u64()));
        field.is_trivial(&base) || field.is_witnessed_by(&base)
    })
}

/// Arithmetic modulo an odd number in Montgomery's form, where `a` is kept as `a R` with `R = 2^(64 N)`.
struct Montgomery<'m, const N: usize> {
    modulus: &'m [u64; N],
    /// The negative inverse of the modulus modulo 2^64.
    inverse: u64,
    one: [u64; N],
    /// The modulus less one.
    minus_one: [u64; N],
}

impl<'m, const N: usize> Montgomery<'m, N> {
    /// The modulus is odd and its highest bit is set, so that `R` less the modulus is `R` modulo it.
    fn new(modulus: &'m [u64; N]) -> Self {
        // Newton's iteration doubles the bits that are right; an odd number is its own inverse modulo 8.
        let inverse = (0..5).fold(modulus[0], |inverse, _| {
            inverse.wrapping_mul(2_u64.wrapping_sub(modulus[0].wrapping_mul(inverse)))
        });
        let one = minus(&[0; N], modulus).0;
        Montgomery { modulus, inverse: inverse.wrapping_neg(), one, minus_one: minus(modulus, &one).0 }
    }

    fn reduced(&self, number: [u64; N]) -> [u64; N] {
        let (less, is_below) = minus(&number, self.modulus);
        if is_below { number } else { less }
    }

    fn double(&self, number: &[u64; N]) -> [u64; N] {
        let mut carry = 0;
        let doubled = std::array::from_fn(|at| {
            let word = (number[at] << 1) | carry;
            carry = number[at] >> 63;
            word
        });
        if carry == 1 { minus(&doubled, self.modulus).0 } else { self.reduced(doubled) }
    }

    fn multiply(&self, a: &[u64; N], b: &[u64; N]) -> [u64; N] {
        let m = self.modulus;
        let mut sum = [0_u64; N];
        let mut top = 0_u64;
        for &b in b {
            // The product and what makes its lowest word zero in one pass, with a carry each.
            let (low, mut carry) = multiply_add(a[0], b, sum[0], 0);
            let factor = low.wrapping_mul(self.inverse);
            let (_, mut other) = multiply_add(m[0], factor, low, 0);
            for at in 1..N {
                let word;
                (word, carry) = multiply_add(a[at], b, sum[at], carry);
                (sum[at - 1], other) = multiply_add(m[at], factor, word, other);
            }
            let (high, over) = top.overflowing_add(carry);
            let (high, over_again) = high.overflowing_add(other);
            sum[N - 1] = high;
            top = u64::from(over) + u64::from(over_again);
        }
        if top == 1 { minus(&sum, m).0 } else { self.reduced(sum) }
    }

    fn power(&self, base: &[u64; N], exponent: &[u64; N]) -> [u64; N] {
        let mut powers = [self.one; 16];
        for at in 1..16 {
            powers[at] = self.multiply(&powers[at - 1], base);
        }
        let mut result = self.one;
        for word in exponent.iter().rev() {
            for shift in (0..64).step_by(4).rev() {
                for _ in 0..4 {
                    result = self.multiply(&result, &result);
                }
                result = self.multiply(&result, &powers[(word >> shift) as usize & 15]);
            }
        }
        result
    }

    /// The same for 2, where multiplying is doubling.
    fn power_of_two(&self, exponent: &[u64; N]) -> [u64; N] {
        let mut result = self.one;
        for word in exponent.iter().rev() {
            for shift in (0..64).rev() {
                result = self.multiply(&result, &result);
                if word >> shift & 1 == 1 {
                    result = self.double(&result);
                }
            }
        }
        result
    }

    /// 0, 1 and -1 say nothing.
    fn is_trivial(&self, base: &[u64; N]) -> bool {
        *base == [0; N] || *base == self.one || *base == self.minus_one
    }

    /// Whether the modulus passes one round of the test with this base.
    fn is_witnessed_by(&self, base: &[u64; N]) -> bool {
        let even = minus(self.modulus, &std::array::from_fn(|at| u64::from(at == 0))).0;
        let zeros = trailing_zeros(&even);
        let odd = shifted_right(&even, zeros);
        let is_two = *base == self.double(&self.one);
        let mut power = if is_two { self.power_of_two(&odd) } else { self.power(base, &odd) };
        if power == self.one || power == self.minus_one {
            return true;
        }
        for _ in 1..zeros {
            power = self.multiply(&power, &power);
            if power == self.minus_one {
                return true;
            }
        }
        false
    }
}

/// Low and high word of `a b + c + d`, which fit exactly.
#[inline(always)]
fn multiply_add(a: u64, b: u64, c: u64, d: u64) -> (u64, u64) {
    let sum = u128::from(a) * u128::from(b) + u128::from(c) + u128::from(d);
    (sum as u64, (sum >> 64) as u64)
}

/// The difference modulo `R`, and whether `a` is the smaller.
fn minus<const N: usize>(a: &[u64; N], b: &[u64; N]) -> ([u64; N], bool) {
    let mut borrow = false;
    let difference = std::array::from_fn(|at| {
        let (less, under) = a[at].overflowing_sub(b[at]);
        let (less, under_again) = less.overflowing_sub(u64::from(borrow));
        borrow = under || under_again;
        less
    });
    (difference, borrow)
}

fn trailing_zeros<const N: usize>(number: &[u64; N]) -> usize {
    let words = number.iter().take_while(|word| **word == 0).count();
    64 * words + number.get(words).map_or(0, |word| word.trailing_zeros() as usize)
}

fn shifted_right<const N: usize>(number: &[u64; N], bits: usize) -> [u64; N] {
    let (words, bits) = (bits / 64, bits % 64);
    let word = |at: usize| number.get(at).copied().unwrap_or(0);
    std::array::from_fn(|at| {
        let low = word(at + words) >> bits;
        if bits == 0 { low } else { low | (word(at + words + 1) << (64 - bits)) }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers without a secret.
    struct Counter(u64);

    impl RngCore for Counter {
        fn next_u32(&mut self) -> u32 {
            self.next_u64() as u32
        }
        fn next_u64(&mut self) -> u64 {
            self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            mixed ^ (mixed >> 31)
        }
        fn fill_bytes(&mut self, buffer: &mut [u8]) {
            buffer.fill_with(|| self.next_u64() as u8);
        }
        fn try_fill_bytes(&mut self, buffer: &mut [u8]) -> Result<(), rsa::rand_core::Error> {
            self.fill_bytes(buffer);
            Ok(())
        }
    }

    fn big<const N: usize>(number: &[u64; N]) -> num_bigint::BigUint {
        let words = number.iter().flat_map(|word| [*word as u32, (word >> 32) as u32]);
        num_bigint::BigUint::new(words.collect())
    }

    #[test]
    fn powers_are_those_of_slow_arithmetic() {
        let mut rng = Counter(1);
        for _ in 0..20 {
            let mut modulus: [u64; 4] = std::array::from_fn(|_| rng.next_u64());
            modulus[0] |= 1;
            modulus[3] |= 1 << 63;
            let field = Montgomery::new(&modulus);
            let exponent: [u64; 4] = std::array::from_fn(|_| rng.next_u64());
            let two = field.double(&field.one);
            // Out of the form by multiplying with 1.
            let plain = |number: &[u64; 4]| big(&field.multiply(number, &[1, 0, 0, 0]));
            let expected = num_bigint::BigUint::from(2_u8).modpow(&big(&exponent), &big(&modulus));
            assert_eq!(plain(&field.power(&two, &exponent)), expected);
            assert_eq!(plain(&field.power_of_two(&exponent)), expected);
        }
    }

    #[test]
    fn known_primes_pass_and_composites_do_not() {
        let mut rng = Counter(2);
        // 2^128 - 159 and 2^128 - 173 are the greatest primes of two words.
        for (below, expected) in [(159_u64, true), (173, true), (157, false), (161, false), (1, false)] {
            let number = [below.wrapping_neg(), u64::MAX];
            assert_eq!(is_prime(&number, &mut rng), expected, "2^128 - {below}");
        }
        // The square of the prime 2^64 - 59.
        let square = big(&[59_u64.wrapping_neg()]).pow(2).to_u64_digits();
        assert!(!is_prime(&[square[0], square[1]], &mut rng));
    }

    #[test]
    fn primes_have_their_highest_bits_and_suit_the_exponent() {
        let mut rng = Counter(3);
        for _ in 0..5 {
            let found = prime::<4>(&mut rng);
            assert_eq!(found[3] >> 62, 3);
            assert_ne!(remainder(&found, EXPONENT), 1);
            // Fermat's little theorem, by other arithmetic.
            let (one, p) = (num_bigint::BigUint::from(1_u8), big(&found));
            assert_eq!(num_bigint::BigUint::from(3_u8).modpow(&(&p - &one), &p), one);
        }
    }
}
