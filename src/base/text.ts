/** Text that people read stands in both languages of the city. */

export interface Bilingual {
  readonly fa: string
  readonly en: string
}
