/** A panel whose data is being read or could not be: says what, whose fault, what still works, and offers to try again. */
import type { Asked } from '../facts.ts'
import { text } from '../text/texts.ts'

interface AskedNoticeProps {
  readonly asked: Exclude<Asked<unknown>, { kind: 'there' }>
  /** What is read, as the reader calls it. */
  readonly what: string
  readonly onRetry?: () => void
}

export function AskedNotice({ asked, what, onRetry }: AskedNoticeProps) {
  const t = text.value
  if (asked.kind === 'reading') return <p class="notice notice-late">{t.reading}</p>
  const { problem } = asked
  return (
    <div class="notice" role="alert">
      <p>{t.readFailed(what)}</p>
      {problem && (
        <p lang="en" dir="ltr" class="problem">
          {problem.detail} {problem.remedy} <code>{problem.code}</code>
        </p>
      )}
      {onRetry && (
        <button type="button" onClick={onRetry}>
          {t.retry}
        </button>
      )}
    </div>
  )
}
